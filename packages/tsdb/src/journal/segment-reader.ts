import { crc32 } from 'node:zlib';
import { FRAME_HEADER_BYTES, PAGE_BYTES } from './segment-format.js';

/** The payloads of a segment up to where it ends, or was cut off. What follows a frame that is not whole was never promised. */
export function* readFrames(bytes: Uint8Array, segment: number): Iterable<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = 0; offset + FRAME_HEADER_BYTES <= bytes.length; ) {
    const payload = frameAt(bytes, view, offset, segment);
    if (payload) {
      yield payload;
      offset += FRAME_HEADER_BYTES + payload.length;
      continue;
    }
    // After a sync the next frame begins on a new page.
    const pageStart = Math.ceil(offset / PAGE_BYTES) * PAGE_BYTES;
    if (pageStart === offset || !bytes.subarray(offset, pageStart).every((byte) => byte === 0)) return;
    offset = pageStart;
  }
}

function frameAt(bytes: Uint8Array, view: DataView, offset: number, segment: number): Uint8Array | undefined {
  const length = view.getUint32(offset, true);
  const start = offset + FRAME_HEADER_BYTES;
  if (length === 0 || start + length > bytes.length) return undefined;
  const payload = bytes.subarray(start, start + length);
  return view.getUint32(offset + 4, true) === crc32(payload, segment) ? payload : undefined;
}
