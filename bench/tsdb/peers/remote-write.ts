import type { Series } from '@labkeeper/core';

/** Protobuf tags: field number times 8 and the wire type. */
const TIME_SERIES_OR_LABEL_NAME = 0x0a;
const SAMPLE_OR_LABEL_VALUE = 0x12;
const LABEL = 0x0a;
const DOUBLE = 0x09;
const TIMESTAMP = 0x10;
/** A time in milliseconds takes six bytes as a varint, from 1971 to 2109. */
const TIME_BYTES = 6;
/** Tag and value of the double, tag and value of the time. */
const SAMPLE_BYTES = 1 + 8 + 1 + TIME_BYTES;
/** Snappy: what follows is a literal whose length takes four bytes. */
const LONG_LITERAL = 0xfc;

/** A request of remote write 1.0 whose size never changes: for each series so many samples. Only times and values are filled in. */
export class RemoteWriteRequest {
  readonly body: Buffer;
  private readonly view: DataView;
  /** Where the first sample of each series begins in the body. */
  private readonly offsets: Uint32Array;

  constructor(
    series: readonly Series[],
    readonly slots: number,
  ) {
    const parts = series.map((one) => timeSeries(one, slots));
    const message = Buffer.concat(parts);
    const framing = snappyFraming(message.length);
    this.body = Buffer.concat([framing, message]);
    this.view = new DataView(this.body.buffer, this.body.byteOffset, this.body.byteLength);
    let end = framing.length;
    this.offsets = Uint32Array.from(parts, (part) => {
      end += part.length;
      return end - slots * (2 + SAMPLE_BYTES);
    });
  }

  /** Puts the values of one time into a slot. Those of the first series are at `from`. */
  fill(slot: number, timeMs: number, values: Float64Array, from = 0): void {
    const time = varint(timeMs);
    this.offsets.forEach((offset, index) => {
      const at = offset + slot * (2 + SAMPLE_BYTES) + 3;
      this.view.setFloat64(at, values[from + index] as number, true);
      for (let byte = 0; byte < TIME_BYTES; byte++) this.body[at + 9 + byte] = time[byte] as number;
    });
  }
}

/** The whole as one uncompressed literal, which every reader of snappy accepts: nobody's CPU goes into compression. */
function snappyFraming(length: number): Buffer {
  const literal = Buffer.alloc(5);
  literal[0] = LONG_LITERAL;
  literal.writeUInt32LE(length - 1, 1);
  return Buffer.concat([Buffer.from(varint(length)), literal]);
}

function timeSeries({ name, labels }: Series, slots: number): Buffer {
  const sorted = Object.entries({ __name__: name, ...labels }).sort(([a], [b]) => (a < b ? -1 : 1));
  const pairs = sorted.map(([label, value]) =>
    field(
      LABEL,
      Buffer.concat([field(TIME_SERIES_OR_LABEL_NAME, label), field(SAMPLE_OR_LABEL_VALUE, String(value))]),
    ),
  );
  const sample = field(SAMPLE_OR_LABEL_VALUE, emptySample());
  const samples = new Array<Buffer>(slots).fill(sample);
  return field(TIME_SERIES_OR_LABEL_NAME, Buffer.concat([...pairs, ...samples]));
}

function emptySample(): Buffer {
  const sample = Buffer.alloc(SAMPLE_BYTES);
  sample[0] = DOUBLE;
  sample[9] = TIMESTAMP;
  return sample;
}

function field(tag: number, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content as string);
  return Buffer.concat([Buffer.from([tag, ...varint(bytes.length)]), bytes]);
}

/** Seven bits a byte, the lowest first; by division, because a time has more than 32 bits. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}
