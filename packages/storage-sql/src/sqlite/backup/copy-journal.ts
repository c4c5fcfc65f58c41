import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSegments } from '../reading/read-segments.js';
import { syncToDisk } from '../sync-to-disk.js';

/** Copies the journal of samples as it is now. The database must be copied afterwards, see {@link readSegments}. */
export async function copyJournal(from: string, to: string): Promise<void> {
  await mkdir(to, { mode: 0o700 });
  for await (const { name, bytes } of readSegments(from)) {
    const file = join(to, name);
    await writeFile(file, bytes, { mode: 0o600, flag: 'wx' });
    await syncToDisk(file);
  }
  await syncToDisk(to);
}
