import { isLabelName, type Labels, type SeriesSamples } from '@labkeeper/core';
import { type ExportTally, tallied } from './export-tally.js';
import type { ExportedSpan, SampleExport, SampleSource } from './sample-ports.js';
import { STRIDE, type Stride, walkSeries } from './series-walk.js';

/** Characters of a piece: large enough that writing it costs nothing beside making it. */
const PIECE_LENGTH = 65_536;

/** How Prometheus says that a series has ended: a NaN of which the text form keeps nothing but that it is one. */
const STALENESS_BITS = 0x7ff0000000000002n;

/**
 * Samples as OpenMetrics 1.0 text, in pieces of some 64 KB. Values read back bit for bit, but for the payload of a NaN.
 * Staleness marks and series with labels that the format does not know are left out and counted.
 * Give a span that has samples: stretches without any are asked for, too.
 */
export function exportOpenMetrics(
  source: SampleSource,
  span: ExportedSpan,
  stride: Stride = STRIDE,
): SampleExport<string> {
  return tallied((tally) => writeText(walkSeries(source, span, stride), tally));
}

async function* writeText(found: AsyncIterable<SeriesSamples>, tally: ExportTally): AsyncGenerator<string> {
  let [text, family] = ['', ''];
  for await (const samples of found) {
    const { name, labels } = samples.series;
    const head = `${name}${writeLabels(labels)} `;
    for (const lines of writeLines(head, samples, tally)) {
      // The type is `unknown` because only then is the name of the family also that of its samples: a counter
      // `requests` would need samples `requests_total`, and what the store has are names of samples.
      if (name !== family) text += `# TYPE ${name} unknown\n`;
      family = name;
      text += lines;
      if (text.length < PIECE_LENGTH) continue;
      yield text;
      text = '';
    }
  }
  yield `${text}# EOF\n`;
}

/** The lines of one piece of a series, some at a time: a piece may have millions. */
function* writeLines(head: string, samples: SeriesSamples, tally: ExportTally): Generator<string> {
  const { series, timesMs, values } = samples;
  if (!Object.keys(series.labels).every(isLabelName)) {
    tally.leftOut += timesMs.length;
    return;
  }
  const bits = new BigUint64Array(values.buffer, values.byteOffset, values.length);
  let [lines, written] = ['', 0];
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    if (Number.isNaN(value) && bits[row] === STALENESS_BITS) continue;
    lines += `${head}${writeValue(value)} ${writeTime(timesMs[row] as number)}\n`;
    written += 1;
    if (lines.length < PIECE_LENGTH) continue;
    yield lines;
    lines = '';
  }
  tally.leftOut += values.length - written;
  tally.wrote(series, written);
  if (lines !== '') yield lines;
}

function writeLabels(labels: Labels): string {
  const written = Object.entries(labels)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}="${escaped(value)}"`);
  return written.length === 0 ? '' : `{${written.join(',')}}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

/** JavaScript writes the shortest decimal that reads back as the same double, but a zero without its sign. */
function writeValue(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value);
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}

/** Seconds. Put together from whole numbers: far from 1970, a quotient has no room left for the milliseconds. */
function writeTime(timeMs: number): string {
  const distance = Math.abs(timeMs);
  const millis = distance % 1_000;
  const sign = timeMs < 0 ? '-' : '';
  const seconds = `${sign}${(distance - millis) / 1_000}`;
  if (millis === 0) return seconds;
  return `${seconds}.${String(1_000 + millis)
    .slice(1)
    .replace(/0+$/, '')}`;
}
