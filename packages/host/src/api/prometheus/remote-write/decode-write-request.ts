import type { Labels, MetricDescription } from '@labkeeper/core';

/** One series of a write request, as it was sent. */
export interface WrittenSeries {
  /** `__name__` included; absent names are the empty text. */
  readonly labels: Labels;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

export interface WriteRequest {
  readonly series: readonly WrittenSeries[];
  readonly metadata: readonly MetricDescription[];
  /** Samples of native histograms: not kept here, and counted so that the sender can be told. */
  readonly histograms: number;
}

/** A body that is no write request. */
export class WriteRequestFault extends Error {
  override readonly name = 'WriteRequestFault';
}

// prometheus.WriteRequest of remote write 1.0 (prompb/remote.proto, types.proto): field numbers and wire types.
const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;
/** Bytes of the longest varint; only negative numbers need them all. */
const LONGEST_VARINT = 10;
const TWO_TO_15 = 2 ** 15;
const TWO_TO_49 = 2 ** 49;
const TIMESERIES = 1;
const METADATA = 3;
const LABELS = 1;
const SAMPLES = 2;
const HISTOGRAMS = 4;
const TYPES: readonly MetricDescription['type'][] = [
  'unknown',
  'counter',
  'gauge',
  'histogram',
  'unknown',
  'summary',
  'info',
  'unknown',
];

/** Reads a write request. Throws {@link WriteRequestFault} for bytes that are none. Called for every request. */
export function decodeWriteRequest(bytes: Uint8Array): WriteRequest {
  const series: WrittenSeries[] = [];
  const metadata: MetricDescription[] = [];
  let histograms = 0;
  const reader = new FieldReader(bytes);
  while (reader.next()) {
    if (reader.field === TIMESERIES) {
      const read = readSeries(reader.bytes());
      series.push(read.series);
      histograms += read.histograms;
    } else if (reader.field === METADATA) metadata.push(readMetadata(reader.bytes()));
    else reader.skip();
  }
  return { series, metadata, histograms };
}

function readSeries(bytes: Uint8Array): { readonly series: WrittenSeries; readonly histograms: number } {
  const labels: Record<string, string> = {};
  const samples: Uint8Array[] = [];
  let histograms = 0;
  const reader = new FieldReader(bytes);
  while (reader.next()) {
    if (reader.field === LABELS) readLabel(reader.bytes(), labels);
    else if (reader.field === SAMPLES) samples.push(reader.bytes());
    else {
      if (reader.field === HISTOGRAMS) histograms += 1;
      reader.skip();
    }
  }
  // A typed array, because a plain one would lose the payload of the staleness mark.
  const timesMs = new Float64Array(samples.length);
  const values = new Float64Array(samples.length);
  for (const [row, sample] of samples.entries()) readSample(sample, row, { timesMs, values });
  return { series: { labels, timesMs, values }, histograms };
}

function readLabel(bytes: Uint8Array, into: Record<string, string>): void {
  const [name = '', value = ''] = readTexts(bytes, [1, 2]);
  // A label named twice has no meaning; the series is refused by its name later.
  if (Object.hasOwn(into, name))
    throw new WriteRequestFault(`the label '${name}' stands twice in one series`);
  Object.defineProperty(into, name, { value, enumerable: true, writable: true, configurable: true });
}

function readSample(
  bytes: Uint8Array,
  row: number,
  { timesMs, values }: Pick<WrittenSeries, 'timesMs' | 'values'>,
): void {
  const reader = new FieldReader(bytes);
  while (reader.next()) {
    if (reader.field === 1 && reader.wire === FIXED_64) values[row] = reader.double();
    else if (reader.field === 2 && reader.wire === VARINT) timesMs[row] = reader.signed();
    else reader.skip();
  }
}

function readMetadata(bytes: Uint8Array): MetricDescription {
  let type = 0;
  const reader = new FieldReader(bytes);
  while (reader.next()) {
    if (reader.field === 1 && reader.wire === VARINT) type = reader.signed();
    else reader.skip();
  }
  const [name = '', help = '', unit = ''] = readTexts(bytes, [2, 4, 5]);
  return { name, help, type: TYPES[type] ?? 'unknown', ...(unit === '' ? {} : { unit }) };
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The text fields with these numbers. */
function readTexts(bytes: Uint8Array, fields: readonly number[]): readonly string[] {
  const texts = fields.map(() => '');
  const reader = new FieldReader(bytes);
  while (reader.next()) {
    const place = fields.indexOf(reader.field);
    if (place < 0 || reader.wire !== BYTES) {
      reader.skip();
      continue;
    }
    try {
      texts[place] = decoder.decode(reader.bytes());
    } catch {
      throw new WriteRequestFault('a name or value of a label is no UTF-8');
    }
  }
  return texts;
}

/** The fields of one protobuf message, one after the other (protobuf encoding specification, wire types 0, 1, 2, 5). */
class FieldReader {
  #at = 0;
  readonly #view: DataView;
  field = 0;
  wire = VARINT;

  constructor(private readonly all: Uint8Array) {
    this.#view = new DataView(all.buffer, all.byteOffset, all.byteLength);
  }

  next(): boolean {
    if (this.#at >= this.all.length) return false;
    const tag = this.#varint();
    this.field = tag >>> 3;
    this.wire = tag & 7;
    return true;
  }

  bytes(): Uint8Array {
    if (this.wire !== BYTES) throw new WriteRequestFault(`field ${this.field} has the wrong wire type`);
    const length = this.#varint();
    return this.#take(length);
  }

  double(): number {
    const at = this.#at;
    this.#take(8);
    return this.#view.getFloat64(at, true);
  }

  /** An int64. What is beyond the safe integers is near enough to be refused. */
  signed(): number {
    const from = this.#at;
    const unsigned = this.#varint();
    if (this.#at - from < LONGEST_VARINT) return unsigned;
    // A negative one: its low 49 bits and its high 15 bits are exact as numbers, their sum before the sign is not.
    const low = this.#bits(from, 7);
    return (this.#bits(from + 7, 3) - TWO_TO_15) * TWO_TO_49 + low;
  }

  skip(): void {
    if (this.wire === VARINT) this.#varint();
    else if (this.wire === FIXED_64) this.#take(8);
    else if (this.wire === BYTES) this.bytes();
    else if (this.wire === FIXED_32) this.#take(4);
    else throw new WriteRequestFault(`wire type ${this.wire} is unknown`);
  }

  #take(length: number): Uint8Array {
    const from = this.#at;
    if (!(length >= 0) || from + length > this.all.length)
      throw new WriteRequestFault('it ends in the middle of a field');
    this.#at = from + length;
    return this.all.subarray(from, this.#at);
  }

  #varint(): number {
    const from = this.#at;
    for (let length = 1; length <= LONGEST_VARINT; length++) {
      const byte = this.all[from + length - 1];
      if (byte === undefined) throw new WriteRequestFault('it ends in the middle of a number');
      if (byte >= 0x80) continue;
      this.#at = from + length;
      return this.#bits(from, length);
    }
    throw new WriteRequestFault('a number is too long');
  }

  /** The low seven bits of these bytes, the lowest first. */
  #bits(from: number, length: number): number {
    let value = 0;
    for (let at = from + length - 1; at >= from; at--)
      value = value * 128 + ((this.all[at] as number) & 0x7f);
    return value;
  }
}
