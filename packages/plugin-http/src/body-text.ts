import { TextDecoder } from 'node:util';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { ProbeAnswer } from '@labkeeper/toolbox';

type Unpack = (packed: Uint8Array, options: { maxOutputLength: number }) => Buffer;

const UNPACKERS: Readonly<Record<string, Unpack>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/**
 * The body as text. The check does not ask for compression, but some servers send nothing else; it is unpacked up to
 * `maxBytes`. Throws when it cannot be unpacked within them.
 */
export function bodyText({ body, headers }: ProbeAnswer, maxBytes: number): string {
  const unpack = UNPACKERS[String(headers['content-encoding'] ?? '').toLowerCase()];
  const plain = unpack ? unpack(body, { maxOutputLength: maxBytes }) : body;
  return decoderFor(headers['content-type'] ?? '').decode(plain);
}

function decoderFor(contentType: string): TextDecoder {
  const charset = /charset="?([\w-]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}
