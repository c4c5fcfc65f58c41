import { createHash } from 'node:crypto';
import { open as openFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabkeeperError, type Storage } from '@labkeeper/core';
import { ManualClock } from '@labkeeper/core/runtime';
import { type RecordingLog, recordingLog } from '@labkeeper/testkit';
import { TSDB_RULES } from '@labkeeper/tsdb';
import { describe, expect, it } from 'vitest';
import { startChild } from '../testing/child-store.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { openSqlite } from './open-sqlite.js';
import { SqliteConnection } from './sqlite-connection.js';
import { loadSqliteDriver } from './sqlite-driver.js';

const newFolder = temporaryFolder();
const BULK = { name: 'bulk', indexes: { rank: 'number' } } as const;

function open(
  dataDir: string,
  {
    log = recordingLog(),
    checkedAtStartBytes = 2 ** 30,
  }: { log?: RecordingLog; checkedAtStartBytes?: number } = {},
) {
  return openSqlite({
    dataDir,
    clock: new ManualClock(),
    log,
    rules: TSDB_RULES,
    checkedAtStartBytes,
  });
}

/** A folder with a database of some hundred pages. */
async function filledFolder(): Promise<string> {
  const dataDir = await newFolder();
  const storage = await open(dataDir);
  const bulk = storage.records.collection(BULK);
  await Promise.all(
    Array.from({ length: 600 }, (_, rank) => bulk.put(`k${rank}`, { rank, text: 'x'.repeat(1_000) })),
  );
  await storage.close();
  return dataDir;
}

const databaseOf = (dataDir: string) => join(dataDir, 'labkeeper.db');

/** Writes rubbish over the second half of the file. */
async function damage(file: string): Promise<void> {
  const handle = await openFile(file, 'r+');
  const { size } = await handle.stat();
  const rubbish = Buffer.alloc(Math.floor(size / 2 / 4_096) * 4_096, 0xa5);
  await handle.write(rubbish, 0, rubbish.length, size - rubbish.length);
  await handle.close();
}

async function digest(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

async function assertRefusedUntouched(dataDir: string, code: string): Promise<void> {
  const before = await digest(databaseOf(dataDir));
  const error: unknown = await open(dataDir).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LabkeeperError);
  expect((error as LabkeeperError).code).toBe(code);
  expect(await digest(databaseOf(dataDir))).toBe(before);
}

describe('a database file', () => {
  it('that is damaged is set aside, and what can be read of it is gone on with', async () => {
    const dataDir = await filledFolder();
    await damage(databaseOf(dataDir));
    const damaged = await digest(databaseOf(dataDir));
    const log = recordingLog();
    const storage = await open(dataDir, { log });
    expect(await storage.health()).toBe('ok');
    const kept = await storage.records.collection(BULK).count();
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(600);
    await storage.records.collection(BULK).put('new', { rank: 1 });
    await storage.close();
    const aside = (await readdir(dataDir)).find((name) => name.includes('.damaged-'));
    expect(await digest(join(dataDir, aside as string))).toBe(damaged);
    const told = log.lines.find(({ message }) => message.includes('was set aside'));
    expect(told?.fields).toMatchObject({ damagedFile: join(dataDir, aside as string) });
  });

  it('that is cut short loses only what was cut off', async () => {
    const dataDir = await filledFolder();
    const bytes = await readFile(databaseOf(dataDir));
    await writeFile(databaseOf(dataDir), bytes.subarray(0, bytes.length - 4_096));
    const storage = await open(dataDir);
    expect(await storage.records.collection(BULK).count()).toBeGreaterThan(500);
    await storage.close();
  });

  it('that is no database at all is refused and left as it is', async () => {
    const dataDir = await newFolder();
    await writeFile(databaseOf(dataDir), 'My diary. Please do not overwrite.\n'.repeat(100));
    await assertRefusedUntouched(dataDir, 'STORAGE_CORRUPT');
  });

  it('of a newer version is refused and left as it is', async () => {
    const dataDir = await filledFolder();
    const connection = await SqliteConnection.open(await loadSqliteDriver(), databaseOf(dataDir), 'write');
    await connection.exec("INSERT INTO store_migrations (name, batch) VALUES ('9999-from-the-future', 2)");
    await connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    await connection.close();
    await assertRefusedUntouched(dataDir, 'STORAGE_NEWER');
  });

  it('that is empty is taken as new', async () => {
    const dataDir = await newFolder();
    await writeFile(databaseOf(dataDir), '');
    const storage = await open(dataDir);
    expect(await storage.health()).toBe('ok');
    await storage.close();
  });
});

describe('a database file too large to be checked at the start', () => {
  const large = { checkedAtStartBytes: 0 };

  it('that was closed cleanly is taken as it is', async () => {
    const dataDir = await filledFolder();
    await damage(databaseOf(dataDir));
    const log = recordingLog();
    const storage = await open(dataDir, { ...large, log });
    expect(await storage.health()).toBe('ok');
    await storage.close();
    expect(log.lines.filter(({ message }) => message.includes('integrity'))).toEqual([]);
  });

  it('that was not closed is checked beside the running store; damage ends all writing until the next start', async () => {
    const dataDir = await filledFolder();
    await dieWithin(dataDir);
    await damage(databaseOf(dataDir));
    const log = recordingLog();
    const storage = await open(dataDir, { ...large, log });
    expect(await problemOf(storage)).toMatch(/failed the integrity check|is damaged/);
    await expect(storage.records.collection({ name: 'others' }).put('a', 1)).rejects.toMatchObject({
      code: 'STORAGE_CORRUPT',
    });
    await storage.close();
    expect(log.lines.map(({ message }) => message)).toContain('the integrity check of the database failed');
    const again = await open(dataDir, large);
    await again.records.collection({ name: 'others' }).put('a', 1);
    expect(await again.health()).toBe('ok');
    await again.close();
  }, 30_000);

  it('that was not closed and is sound goes on as usual', async () => {
    const dataDir = await filledFolder();
    await dieWithin(dataDir);
    const storage = await open(dataDir, large);
    await storage.records.collection(BULK).put('a', { rank: 1 });
    await storage.close();
    const again = await open(dataDir);
    expect(await again.records.collection(BULK).count({ index: 'rank' })).toBeGreaterThan(600);
    await again.close();
  }, 30_000);
});

/** A process opens the store, writes, and is killed: the write-ahead log stays. */
async function dieWithin(dataDir: string): Promise<void> {
  const child = startChild('write', dataDir);
  await new Promise((resolve) => child.lines.once('line', resolve));
  await child.killNine();
}

/** Waits for the check to say what it found. */
async function problemOf(storage: Storage): Promise<string> {
  for (;;) {
    const health = await storage.health();
    if (health !== 'ok') return health.problem;
  }
}
