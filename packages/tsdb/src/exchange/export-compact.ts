import type { SeriesSamples } from '@labkeeper/core';
import { encodeChunk } from '../chunk.js';
import { MAGIC, writeFrame } from './compact-frame.js';
import { type ExportTally, tallied } from './export-tally.js';
import type { ExportedSpan, SampleExport, SampleSource } from './sample-ports.js';
import { STRIDE, type Stride, walkSeries } from './series-walk.js';

/** Beyond this many, a chunk hardly becomes smaller per sample, and reading one costs more memory. */
const CHUNK_SAMPLES = 10_000;
/** A frame is full when its chunks have this many bytes: what one damaged byte costs at most. */
const FRAME_BYTES = 262_144;
const PIECE_BYTES = 65_536;

/**
 * Samples as a compact file, bit for bit, in pieces of at least 64 KB. Give a span that has samples: stretches without
 * any are asked for, too.
 */
export function exportCompact(
  source: SampleSource,
  span: ExportedSpan,
  stride: Stride = STRIDE,
): SampleExport<Uint8Array> {
  return tallied((tally) => inPieces(writeFile(walkSeries(source, span, stride), tally)));
}

async function* writeFile(
  found: AsyncIterable<SeriesSamples>,
  tally: ExportTally,
): AsyncGenerator<Uint8Array> {
  yield MAGIC;
  for await (const samples of found) {
    yield* writeFrames(samples);
    tally.wrote(samples.series, samples.timesMs.length);
  }
  const { series, samples } = tally;
  yield writeFrame({ header: { totals: { series, samples } }, chunks: [] });
}

function* writeFrames({ series, timesMs, values }: SeriesSamples): Generator<Uint8Array> {
  const { name, labels } = series;
  for (let row = 0; row < timesMs.length; ) {
    const [entries, chunks]: [{ startMs: number; bytes: number }[], Uint8Array[]] = [[], []];
    for (let size = 0; row < timesMs.length && size < FRAME_BYTES; row += CHUNK_SAMPLES) {
      const startMs = timesMs[row] as number;
      const end = row + CHUNK_SAMPLES;
      const chunk = encodeChunk(
        { timesMs: timesMs.subarray(row, end), values: values.subarray(row, end) },
        startMs,
      );
      entries.push({ startMs, bytes: chunk.length });
      chunks.push(chunk);
      size += chunk.length;
    }
    yield writeFrame({ header: { name, labels, chunks: entries }, chunks });
  }
}

/** Puts small frames together, so that a file is not written in hundreds of thousands of calls. */
async function* inPieces(frames: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let [gathered, size]: [Uint8Array[], number] = [[], 0];
  for await (const frame of frames) {
    gathered.push(frame);
    size += frame.length;
    if (size < PIECE_BYTES) continue;
    yield Buffer.concat(gathered);
    [gathered, size] = [[], 0];
  }
  yield Buffer.concat(gathered);
}
