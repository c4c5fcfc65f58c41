/** A series as a test sends it. */
export interface SentSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly { readonly timeMs: number; readonly value: number }[];
  /** Further labels, which may repeat a name. */
  readonly more?: Readonly<Record<string, string>>;
}

/** Writes prometheus.WriteRequest (remote write 1.0), field by field. */
export function encodeWriteRequest(series: readonly SentSeries[]): Uint8Array {
  return Buffer.concat(series.map((one) => field(1, encodeSeries(one))));
}

function encodeSeries({ labels, samples, more = {} }: SentSeries): Buffer {
  const pairs = [...Object.entries(labels), ...Object.entries(more)];
  return Buffer.concat([
    ...pairs.map(([name, value]) => field(1, Buffer.concat([text(1, name), text(2, value)]))),
    ...samples.map(({ timeMs, value }) => field(2, encodeSample(timeMs, value))),
  ]);
}

function encodeSample(timeMs: number, value: number): Buffer {
  const double = Buffer.from(Float64Array.of(value).buffer);
  return Buffer.concat([
    Buffer.of(0x09),
    double,
    Buffer.of(0x10),
    varint(BigInt.asUintN(64, BigInt(timeMs))),
  ]);
}

function text(number: number, value: string): Buffer {
  return field(number, Buffer.from(value));
}

function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.of((number << 3) | 2), varint(BigInt(bytes.length)), bytes]);
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return Buffer.of(...bytes, Number(rest));
}
