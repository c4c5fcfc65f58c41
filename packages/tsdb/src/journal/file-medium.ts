import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LabkeeperError } from '@labkeeper/core';
import type { FoundSegment, JournalMedium } from './journal-medium.js';
import { PAGE_BYTES, SEGMENT_BYTES } from './segment-format.js';

const SEGMENT_NAME = /^(\d{12})\.journal$/;
const SPARE_NAME = /^spare-\d+\.journal$/;

/**
 * Segments that are kept for the next time instead of being removed: their room on the disk is already theirs, so writing to
 * them changes no file size, and goes on for a while when the disk is full.
 */
const SPARES = 2;

const ZEROS = new Uint8Array(PAGE_BYTES);

/** The journal as files of equal size in a folder of their own. */
export class FileMedium implements JournalMedium {
  #file: FileHandle | undefined;
  #position = 0;
  #isSynced = true;

  private constructor(
    private readonly folder: string,
    private readonly spares: string[],
  ) {}

  static async open(folder: string): Promise<FileMedium> {
    return whileWriting(async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const spares = (await readdir(folder)).filter((name) => SPARE_NAME.test(name));
      return new FileMedium(folder, spares);
    });
  }

  async *read(): AsyncIterable<FoundSegment> {
    for (const name of (await readdir(this.folder)).sort()) {
      const number = Number(SEGMENT_NAME.exec(name)?.[1] ?? Number.NaN);
      if (!Number.isNaN(number)) yield { number, bytes: await readFile(join(this.folder, name)) };
    }
  }

  begin = (segment: number): Promise<void> =>
    whileWriting(async () => {
      await this.#file?.close();
      this.#file = undefined;
      const file = join(this.folder, nameOf(segment));
      const spare = this.spares.pop();
      if (spare === undefined) await createFilled(file);
      else await rename(join(this.folder, spare), file);
      this.#file = await open(file, 'r+');
      this.#position = 0;
      await syncFolder(this.folder);
    });

  write = (bytes: Uint8Array): Promise<void> =>
    whileWriting(async () => {
      await writeAll(this.#required(), bytes, this.#position);
      this.#position += bytes.length;
      this.#isSynced = false;
    });

  sync = (): Promise<void> =>
    whileWriting(async () => {
      if (this.#isSynced) return;
      const padding = -this.#position & (PAGE_BYTES - 1);
      await writeAll(this.#required(), ZEROS.subarray(0, padding), this.#position);
      await this.#required().datasync();
      this.#position += padding;
      this.#isSynced = true;
    });

  drop = (segments: readonly number[]): Promise<void> =>
    whileWriting(async () => {
      for (const segment of segments) await this.#dropOne(segment);
      await syncFolder(this.folder);
    });

  close = async (): Promise<void> => {
    await this.#file?.close();
    this.#file = undefined;
  };

  async #dropOne(segment: number): Promise<void> {
    const file = join(this.folder, nameOf(segment));
    // Numbered as the segment was, so that no two spares can ever have one name.
    const spare = `spare-${segment}.journal`;
    if (this.spares.length >= SPARES) return rm(file, { force: true });
    try {
      await rename(file, join(this.folder, spare));
      this.spares.push(spare);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  #required(): FileHandle {
    if (this.#file) return this.#file;
    throw new LabkeeperError('STORAGE_UNAVAILABLE', 'the journal of samples is closed');
  }
}

function nameOf(segment: number): string {
  return `${String(segment).padStart(12, '0')}.journal`;
}

/** Filled with zeros, so that later writes need no new room. */
async function createFilled(file: string): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await writeAll(handle, new Uint8Array(SEGMENT_BYTES), 0);
    await handle.sync();
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; )
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
}

/** A new name in a folder survives a power cut only when the folder is synced too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const MEANINGS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the disk is read-only',
  EACCES: 'access to the journal of samples is denied',
  EIO: 'the disk reports an error',
};

async function whileWriting<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LabkeeperError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new LabkeeperError(
      'STORAGE_UNAVAILABLE',
      MEANINGS[code] ?? 'the journal of samples cannot be written',
      { cause: error },
    );
  }
}
