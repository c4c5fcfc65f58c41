import { appendFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { openSqlite } from '../open-sqlite.js';
import { restoreSqlite } from './restore-sqlite.js';
import { backupOf, codeOf, contentOf, partsOf, storeWith } from './testing/filled-store.js';

const newFolder = temporaryFolder();
const filled = async (...timesMs: readonly number[]) => storeWith(await newFolder(), ...timesMs);
const backedUp = async (dataDir: string) => backupOf(dataDir, await newFolder());

describe('a restore', () => {
  it('brings samples and records back into an empty folder', async () => {
    const [from, dataDir] = [await backedUp(await filled(1, 2, 3)), await newFolder()];
    const restored = await restoreSqlite({ from, replace: false }, partsOf(dataDir));
    expect(restored).toMatchObject({ series: 1, samples: 3 });
    expect(restored.movedTo).toBeUndefined();
    expect(await contentOf(dataDir)).toEqual({ times: [1, 2, 3], note: { text: 'of 3' } });
  });

  it('is refused where there is data, unless that may be replaced; then it is moved aside', async () => {
    const [from, dataDir] = [await backedUp(await filled(1, 2)), await filled(7, 8, 9)];
    await writeFile(join(dataDir, 'notes.txt'), 'not ours');
    await expect(restoreSqlite({ from, replace: false }, partsOf(dataDir))).rejects.toThrow(
      codeOf('RESTORE_WOULD_REPLACE'),
    );
    expect(await contentOf(dataDir)).toEqual({ times: [7, 8, 9], note: { text: 'of 3' } });
    const { movedTo = '' } = await restoreSqlite({ from, replace: true }, partsOf(dataDir));
    expect(basename(movedTo)).toMatch(/^labkeeper-storage-\w+\.before-restore-\d{8}T\d{6}Z$/);
    expect(await contentOf(dataDir)).toEqual({ times: [1, 2], note: { text: 'of 2' } });
    expect(await contentOf(movedTo)).toEqual({ times: [7, 8, 9], note: { text: 'of 3' } });
    expect(await readdir(dataDir)).toContain('notes.txt');
    await rm(movedTo, { recursive: true });
  });

  it('is refused while a Labkeeper uses the folder', async () => {
    const [from, dataDir] = [await backedUp(await filled(1)), await newFolder()];
    const running = await openSqlite(partsOf(dataDir));
    await expect(restoreSqlite({ from, replace: true }, partsOf(dataDir))).rejects.toThrow(
      codeOf('STORAGE_LOCKED'),
    );
    await running.close();
  });

  it('of a damaged backup changes nothing', async () => {
    const [from, dataDir] = [await backedUp(await filled(1)), await filled(4)];
    await appendFile(join(from, 'labkeeper.db'), 'x');
    await expect(restoreSqlite({ from, replace: true }, partsOf(dataDir))).rejects.toThrow(
      codeOf('BACKUP_UNUSABLE'),
    );
    expect(await contentOf(dataDir)).toEqual({ times: [4], note: { text: 'of 1' } });
  });

  it('that cannot move the old data aside leaves it where it is', async () => {
    const [from, dataDir] = [await backedUp(await filled(1)), await filled(4)];
    const aside = join(dirname(dataDir), `${basename(dataDir)}.before-restore-20260101T000000Z`);
    await mkdir(aside);
    await expect(restoreSqlite({ from, replace: true }, partsOf(dataDir))).rejects.toThrow(
      codeOf('BACKUP_FAILED'),
    );
    await rm(aside, { recursive: true });
    expect(await contentOf(dataDir)).toEqual({ times: [4], note: { text: 'of 1' } });
    expect(await readdir(dataDir)).not.toContain('restore.part');
  });

  it('goes on after one that was interrupted', async () => {
    const [from, dataDir] = [await backedUp(await filled(1, 2)), await newFolder()];
    await mkdir(join(dataDir, 'restore.part'));
    await writeFile(join(dataDir, 'restore.part', 'labkeeper.db'), 'half');
    await restoreSqlite({ from, replace: false }, partsOf(dataDir));
    expect(await contentOf(dataDir)).toMatchObject({ times: [1, 2] });
  });
});
