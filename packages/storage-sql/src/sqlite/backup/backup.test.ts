import { appendFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ChildStore, startChild } from '../../testing/child-store.js';
import { BUSY_RULES, EAGER_RULES, LAZY_RULES } from '../../testing/sample-rules.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { openSqlite } from '../open-sqlite.js';
import { backUpSqlite } from './back-up-sqlite.js';
import { restoreSqlite } from './restore-sqlite.js';
import { append, backupOf, codeOf, partsOf, storeWith, timesIn } from './testing/filled-store.js';
import { verifyBackup } from './verify-backup.js';

const newFolder = temporaryFolder();
const filled = async (...timesMs: readonly number[]) => storeWith(await newFolder(), ...timesMs);
const backedUp = async (dataDir: string) => backupOf(dataDir, await newFolder());

describe('a backup', () => {
  it.each([
    ['the journal', LAZY_RULES],
    ['packs', EAGER_RULES],
    ['both', BUSY_RULES],
  ])(
    'taken while samples are written has all that were acknowledged before: samples in %s',
    async (_, rules) => {
      const [dataDir, folder, target] = [await newFolder(), await newFolder(), await newFolder()];
      const store = await openSqlite(partsOf(dataDir, rules));
      let written = 0;
      for (; written < 200; written++) await append(store, written * 100);
      const before = written;
      let isDone = false;
      const work = backUpSqlite(partsOf(dataDir, rules), folder).finally(() => {
        isDone = true;
      });
      for (; !isDone; written++) await append(store, written * 100);
      await work;
      await store.close();
      await restoreSqlite({ from: folder, replace: false }, partsOf(target, rules));
      const restored = await openSqlite(partsOf(target, rules));
      const times = await timesIn(restored.samples);
      await restored.close();
      expect(times.slice(0, before)).toEqual(Array.from({ length: before }, (_, index) => index * 100));
      expect(times).toEqual([...new Set(times)]);
    },
  );

  it('of a store in another process has every sample and record that it acknowledged', async () => {
    const [dataDir, folder] = [await newFolder(), await newFolder()];
    const child = startChild('write', dataDir);
    const rounds = await roundsUntil(child, 40);
    await backUpSqlite(partsOf(dataDir, BUSY_RULES), folder);
    await child.killNine();
    const copy = await openSqlite(partsOf(folder, BUSY_RULES));
    const times = new Set(await timesIn(copy.samples));
    const notes = copy.records.collection({ name: 'notes', indexes: { round: 'number' } });
    for (const round of rounds.samples) expect(times).toContain(round * 100);
    for (const round of rounds.single) expect(await notes.get(`single-${round}`)).toBeDefined();
    await copy.close();
  }, 30_000);

  it('belongs to its owner alone and says what is in it', async () => {
    const [dataDir, folder] = [await filled(1, 2, 3), await newFolder()];
    const contents = await backUpSqlite(partsOf(dataDir), folder);
    expect(contents).toMatchObject({ series: 1, samples: 3 });
    const names = await readdir(folder);
    expect(names.sort()).toEqual(['backup.json', 'labkeeper.db', 'samples-journal']);
    expect((await stat(join(folder, 'samples-journal'))).mode & 0o777).toBe(0o700);
    for (const file of ['backup.json', 'labkeeper.db'])
      expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
  });

  it('of a folder without a store is refused', async () => {
    await expect(backUpSqlite(partsOf(await newFolder()), await newFolder())).rejects.toThrow(
      codeOf('STORAGE_EMPTY'),
    );
  });

  it('that cannot be written says why', async () => {
    const dataDir = await filled(1);
    await expect(backUpSqlite(partsOf(dataDir), join(dataDir, 'not', 'there'))).rejects.toThrow(
      codeOf('BACKUP_FAILED'),
    );
  });
});

describe('verifying', () => {
  it.each([
    ['a file that was changed', (folder: string) => appendFile(join(folder, 'labkeeper.db'), 'x')],
    ['a file that is gone', (folder: string) => rm(join(folder, 'samples-journal'), { recursive: true })],
    ['a backup that was not finished', (folder: string) => rm(join(folder, 'backup.json'))],
    ['a list in another form', (folder: string) => writeFile(join(folder, 'backup.json'), '{"format":2}')],
  ])('notices %s', async (_, damage) => {
    const folder = await backedUp(await filled(1));
    await damage(folder);
    await expect(verifyBackup({ ...partsOf(''), folder })).rejects.toThrow(codeOf('BACKUP_UNUSABLE'));
  });

  it('leaves the backup as it was', async () => {
    const folder = await backedUp(await filled(1, 2));
    const before = await readdir(folder);
    await verifyBackup({ ...partsOf(''), folder });
    expect(await readdir(folder)).toEqual(before);
  });
});

type Rounds = Readonly<Record<'single' | 'pair' | 'samples', number[]>>;

/** Reads what the child has acknowledged until so many batches of samples are in. */
async function roundsUntil(child: ChildStore, batches: number): Promise<Rounds> {
  const rounds: Rounds = { single: [], pair: [], samples: [] };
  child.lines.on('line', (line) => {
    const [what, round] = line.split(' ') as [keyof Rounds, string];
    if (rounds.samples.length < batches) rounds[what].push(Number(round));
    if (rounds.samples.length === batches) child.lines.emit('enough');
  });
  await new Promise((resolve) => child.lines.once('enough', resolve));
  return structuredClone(rounds);
}
