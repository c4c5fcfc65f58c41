import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FoundSegment } from '@labkeeper/tsdb';
import { DriverFailure } from '../../database/driver-failure.js';
import { storageFailure } from '../../database/storage-failure.js';

const SEGMENT_NAME = /^(\d{12})\.journal$/;

/** A segment of the journal together with the name of its file. */
export interface SegmentFile extends FoundSegment {
  readonly name: string;
}

/**
 * The journal of samples as it lies on the disk, without touching it, also while another process writes to it: a segment
 * that goes meanwhile has been committed to the database. So the database must be looked at afterwards, never before.
 * A segment that is used again while it is read ends where the new content begins: checksums depend on its number.
 */
export async function* readSegments(folder: string): AsyncIterable<SegmentFile> {
  const names = (await ifThere(readdir(folder), folder)) ?? [];
  for (const name of names.sort()) {
    const number = Number(SEGMENT_NAME.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(number)) continue;
    const file = join(folder, name);
    const bytes = await ifThere(readFile(file), file);
    if (bytes) yield { name, number, bytes };
  }
}

async function ifThere<Result>(reading: Promise<Result>, path: string): Promise<Result | undefined> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw storageFailure(new DriverFailure(error), path);
  }
}
