import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describeError, LabkeeperError } from '@labkeeper/core';
import { syncFolder } from '../sync-folder.js';

/** The file that stands for standard output or standard input. */
export const STANDARD_STREAM = '-';

type Pieces = AsyncIterable<Uint8Array | string>;

/**
 * Writes a file that is there whole or not at all: it grows as `FILE.part`, and takes its name when it is on disk. `-` is
 * standard output. Throws DATA_FILE_UNUSABLE; what `pieces` throws comes through as it is.
 */
export async function writeWholeFile(file: string, pieces: Pieces): Promise<void> {
  const watched = new WatchedPieces(pieces);
  try {
    if (file === STANDARD_STREAM) await pipeline(Readable.from(watched), process.stdout, { end: false });
    else await writeAndRename(file, watched);
  } catch (error) {
    if (watched.failure) throw watched.failure.error;
    const name = file === STANDARD_STREAM ? 'standard output' : file;
    throw new LabkeeperError('DATA_FILE_UNUSABLE', `${name} cannot be written: ${describeError(error)}`, {
      cause: error,
    });
  }
}

async function writeAndRename(file: string, pieces: Pieces): Promise<void> {
  const part = `${file}.part`;
  try {
    await pipeline(Readable.from(pieces), createWriteStream(part, { mode: 0o600, flush: true }));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(file));
}

/** Tells a failure of what makes the pieces from one of what takes them. */
class WatchedPieces implements AsyncIterable<Uint8Array | string> {
  failure: { readonly error: unknown } | undefined;

  constructor(private readonly pieces: Pieces) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array | string> {
    try {
      for await (const piece of this.pieces) if (piece.length > 0) yield piece;
    } catch (error) {
      this.failure = { error };
      throw error;
    }
  }
}
