import { crc32 } from 'node:zlib';
import { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';

/**
 * A pack is closed when it has so many bytes: a database keeps large values in pages of 4 KB, of which small packs would waste a
 * fifth; larger ones cost more to read for one series.
 */
export const PACK_BYTES = 48 * 1024;

const VERSION = 1;

/** A chunk in a pack, or on its way there. */
export interface PackedChunk {
  readonly seriesId: number;
  readonly bytes: Uint8Array;
}

/**
 * Chunks of several series as one value: version, number of chunks, for each the distance of its series' number from the one before and its
 * length, a checksum of all that, and the chunks, which have checksums of their own. Chunks come by ascending series.
 */
export function encodePack(chunks: readonly PackedChunk[]): Uint8Array {
  const list = new ByteWriter(chunks.length * 4 + 16);
  list.byte(VERSION);
  list.uint(chunks.length);
  let before = 0;
  for (const { seriesId, bytes } of chunks) {
    list.uint(seriesId - before);
    list.uint(bytes.length);
    before = seriesId;
  }
  list.uint32(crc32(list.view()));
  // At its size at once: hundreds are made in a row, and what is copied waits for the garbage collector.
  const pack = new Uint8Array(chunks.reduce((sum, { bytes }) => sum + bytes.length, list.length));
  pack.set(list.view());
  let offset = list.length;
  for (const { bytes } of chunks) {
    pack.set(bytes, offset);
    offset += bytes.length;
  }
  return pack;
}

/** The chunks of a pack as views of it. Throws a RangeError when the list of them is damaged. */
export function readPack(pack: Uint8Array): readonly PackedChunk[] {
  const reader = new ByteReader(pack);
  if (reader.byte() !== VERSION) throw new RangeError('a pack of another version');
  const places: { seriesId: number; length: number }[] = [];
  for (let left = reader.uint(), seriesId = 0; left > 0; left--) {
    seriesId += reader.uint();
    places.push({ seriesId, length: reader.uint() });
  }
  const checksum = crc32(pack.subarray(0, reader.position));
  if (reader.uint32() !== checksum) throw new RangeError('a damaged pack');
  let offset = reader.position;
  return places.map(({ seriesId, length }) => {
    // A pack that was cut off loses its last chunks: their bytes are too few, and their checksums say so.
    const bytes = pack.subarray(offset, offset + length);
    offset += length;
    return { seriesId, bytes };
  });
}
