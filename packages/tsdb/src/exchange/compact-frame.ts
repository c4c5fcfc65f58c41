import { crc32 } from 'node:zlib';
import { isMetricName, type Series } from '@labkeeper/core';

// The compact file: MAGIC, then frames [u32 length of the payload][u32 CRC-32 of the payload][payload], little-endian.
// A payload is [u32 length of the header][header as JSON][chunks, one behind the other]. The last frame holds the totals.

/** The first bytes of every compact file; the 1 is the version. */
export const MAGIC = Buffer.from('LKSX1\n', 'latin1');
export const FRAME_HEAD_BYTES = 8;
const HEADER_LENGTH_BYTES = 4;
/** The longest payload that is believed: frames are cut at a quarter of a megabyte, the rest is for monstrous labels. */
export const MOST_PAYLOAD_BYTES = 4_194_304;

/** Where the samples of a frame belong, and how to cut its chunks apart. */
export interface SamplesHeader extends Series {
  readonly chunks: readonly { readonly startMs: number; readonly bytes: number }[];
}

/** Of the whole file; that it is there says that the file is whole. */
export interface TotalsHeader {
  readonly totals: { readonly series: number; readonly samples: number };
}

export interface Payload {
  readonly header: SamplesHeader | TotalsHeader;
  /** Of a totals frame always empty. */
  readonly chunks: readonly Uint8Array[];
}

/** A whole frame. */
export function writeFrame({ header, chunks }: Payload): Uint8Array {
  const text = Buffer.from(JSON.stringify(header));
  const headerLength = Buffer.alloc(HEADER_LENGTH_BYTES);
  headerLength.writeUInt32LE(text.length);
  const payload = Buffer.concat([headerLength, text, ...chunks]);
  const head = Buffer.alloc(FRAME_HEAD_BYTES);
  head.writeUInt32LE(payload.length);
  head.writeUInt32LE(crc32(payload), 4);
  return Buffer.concat([head, payload]);
}

/** The head of a frame, of which `bytes` has at least {@link FRAME_HEAD_BYTES}. */
export function readFrameHead(bytes: Uint8Array): { readonly length: number; readonly checksum: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { length: view.getUint32(0, true), checksum: view.getUint32(4, true) };
}

/** Throws a RangeError for bytes that {@link writeFrame} did not write. */
export function readPayload(bytes: Uint8Array, checksum: number): Payload {
  if (crc32(bytes) !== checksum) throw new RangeError('the checksum of this frame is wrong');
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunksAt = buffer.length < HEADER_LENGTH_BYTES ? 0 : HEADER_LENGTH_BYTES + buffer.readUInt32LE();
  const header = parseHeader(buffer.toString('utf8', HEADER_LENGTH_BYTES, chunksAt));
  const chunks = 'totals' in header ? [] : cutChunks(header, buffer.subarray(chunksAt));
  return { header, chunks };
}

function cutChunks({ chunks }: SamplesHeader, bytes: Uint8Array): Uint8Array[] {
  let end = 0;
  const cut = chunks.map(({ bytes: length }) => bytes.subarray(end, (end += length)));
  if (end !== bytes.length)
    throw new RangeError('the chunks of this frame are not as long as its header says');
  return cut;
}

function parseHeader(text: string): SamplesHeader | TotalsHeader {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    throw new RangeError('the header of this frame is not JSON');
  }
  if (isTotals(header) || isSamples(header)) return header;
  throw new RangeError('the header of this frame is not known');
}

function isTotals(header: unknown): header is TotalsHeader {
  if (!isRecord(header) || !isRecord(header.totals)) return false;
  return isCount(header.totals.series) && isCount(header.totals.samples);
}

function isSamples(header: unknown): header is SamplesHeader {
  if (!isRecord(header) || !isRecord(header.labels) || !Array.isArray(header.chunks)) return false;
  if (typeof header.name !== 'string' || !isMetricName(header.name)) return false;
  const isText = (value: unknown): boolean => typeof value === 'string';
  return Object.values(header.labels).every(isText) && header.chunks.every(isChunkEntry);
}

function isChunkEntry(entry: unknown): boolean {
  return isRecord(entry) && Number.isSafeInteger(entry.startMs) && isCount(entry.bytes);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
