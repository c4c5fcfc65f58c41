/** The most that is handed on at once, so that one huge piece is not copied as a whole. */
const SLICE_BYTES = 262_144;

/** A file as it arrives: bytes, or text of which one character may be split between two pieces. */
export type Arriving = AsyncIterable<Uint8Array | string>;

/** What arrives as bytes, in slices of a bounded size. */
export async function* bytesOf(arriving: Arriving): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let half = '';
  for await (const piece of arriving) {
    if (typeof piece !== 'string') {
      yield* slices(piece);
      continue;
    }
    const text = half + piece;
    // Half a surrogate pair alone would become a replacement character; its other half comes with the next piece.
    const whole = endsInHalf(text) ? text.slice(0, -1) : text;
    half = text.slice(whole.length);
    yield* slices(encoder.encode(whole));
  }
  if (half !== '') yield encoder.encode(half);
}

function endsInHalf(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) yield bytes.subarray(at, at + SLICE_BYTES);
}
