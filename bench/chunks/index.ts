import { brotliCompressSync, constants, deflateRawSync } from 'node:zlib';
import { type Column, decodeChunk, encodeChunk } from '@labkeeper/tsdb';
import type { BenchRun, Figure } from '../report.js';
import { generate } from './generator.js';
import { recordThisMachine } from './recording.js';

const START_MS = Math.floor(1_767_225_600_000 / 7_200_000) * 7_200_000;
/** What a window of half an hour, and one of two hours, holds at 10 s. */
const HALF_HOUR = 180;
const TWO_HOURS = 720;

/** What a sample costs in a chunk: bytes, and CPU to write and to read it. */
export const run: BenchRun = async ({ quick }) => {
  const generated = generate(quick ? 200 : 1_500, TWO_HOURS, START_MS);
  const recorded = await recordThisMachine(quick ? 60 : TWO_HOURS, START_MS);
  return {
    title: 'Samples as chunks, 10 s apart',
    figures: [
      ...figuresOf('generated', 'generated, 2 h', generated),
      ...figuresOf(
        'generated_half_hour',
        'generated, ½ h',
        generated.map((each) => head(each, HALF_HOUR)),
      ),
      ...figuresOf('recorded', 'this machine, 2 h', recorded),
      ...figuresOf(
        'recorded_half_hour',
        'this machine, ½ h',
        recorded.map((each) => head(each, HALF_HOUR)),
      ),
    ],
    notes: [
      'Others: deflate and brotli (quality 5) over the differences of the times and the doubles, for the same chunks.',
      `The recording: ${recorded.length} series of plugin-system, taken four times a second and written as if 10 s apart.`,
    ],
  };
};

function figuresOf(key: string, label: string, columns: readonly Column[]): Figure[] {
  const samples = columns.reduce((sum, { values }) => sum + values.length, 0);
  const perSample = (encode: (column: Column) => Uint8Array) =>
    columns.reduce((sum, column) => sum + encode(column).length, 0) / samples;
  const chunks = columns.map((column) => encodeChunk(column, START_MS));
  return [
    {
      ...{ key: `${key}_bytes_per_sample`, label: `Bytes per sample, ${label}`, unit: 'B' },
      value: perSample((column) => encodeChunk(column, START_MS)),
      references: [
        { name: 'deflate', value: perSample((column) => deflateRawSync(plain(column))) },
        { name: 'brotli', value: perSample((column) => brotliCompressSync(plain(column), BROTLI)) },
      ],
    },
    {
      ...{ key: `${key}_encoded_per_cpu_s`, label: `Written per CPU second, ${label}`, unit: '1/s' },
      value: samples / cpuSeconds(() => columns.forEach((column) => void encodeChunk(column, START_MS))),
    },
    {
      ...{ key: `${key}_decoded_per_cpu_s`, label: `Read per CPU second, ${label}`, unit: '1/s' },
      value: samples / cpuSeconds(() => chunks.forEach((chunk) => void decodeChunk(chunk, START_MS))),
    },
  ];
}

const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/** Times as second differences in 32 bits, values as they are: what compression is usually given. */
function plain({ timesMs, values }: Column): Uint8Array {
  const times = new Int32Array(timesMs.length);
  for (let row = 2; row < times.length; row++)
    times[row] = (timesMs[row] as number) - 2 * (timesMs[row - 1] as number) + (timesMs[row - 2] as number);
  return Buffer.concat([
    new Uint8Array(times.buffer),
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  ]);
}

function head({ timesMs, values }: Column, count: number): Column {
  return { timesMs: timesMs.slice(0, count), values: values.slice(0, count) };
}

/** Seconds of CPU for one pass, the fastest of five. */
function cpuSeconds(pass: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round++) {
    const before = process.cpuUsage();
    pass();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1e6);
  }
  return least;
}
