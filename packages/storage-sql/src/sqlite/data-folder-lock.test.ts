import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { LabkeeperError } from '@labkeeper/core';
import { ManualClock } from '@labkeeper/core/runtime';
import { recordingLog } from '@labkeeper/testkit';
import { TSDB_RULES } from '@labkeeper/tsdb';
import { describe, expect, it } from 'vitest';
import { startChild } from '../testing/child-store.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { openSqlite } from './open-sqlite.js';

const newFolder = temporaryFolder();
const open = (dataDir: string) =>
  openSqlite({ dataDir, clock: new ManualClock(), log: recordingLog(), rules: TSDB_RULES });

async function refusal(dataDir: string): Promise<LabkeeperError> {
  const error: unknown = await open(dataDir).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(LabkeeperError);
  return error as LabkeeperError;
}

describe('the data folder', () => {
  it('is refused to a second process, naming the first; kill -9 of the first frees it at once', async () => {
    const dataDir = await newFolder();
    const holder = startChild('hold', dataDir);
    try {
      expect(await once(holder.lines, 'line')).toEqual(['open']);
      const error = await refusal(dataDir);
      expect(error.code).toBe('STORAGE_LOCKED');
      expect(error.message).toBe(
        `the data folder ${dataDir} is used by process ${holder.pid} on ${hostname()}`,
      );
    } finally {
      await holder.killNine();
    }
    const storage = await open(dataDir);
    expect(await storage.health()).toBe('ok');
    await storage.close();
  }, 30_000);

  it('is refused to a second store in the same process, until the first is closed', async () => {
    const dataDir = await newFolder();
    const first = await open(dataDir);
    expect((await refusal(dataDir)).message).toContain(`process ${process.pid} `);
    await first.close();
    await (await open(dataDir)).close();
  });

  it('is free again after an opening that failed', async () => {
    const dataDir = await newFolder();
    await mkdir(join(dataDir, 'labkeeper.db'));
    expect((await refusal(dataDir)).code).toBe('STORAGE_UNAVAILABLE');
    await rm(join(dataDir, 'labkeeper.db'), { recursive: true });
    await (await open(dataDir)).close();
  });

  it('that does not exist is STORAGE_UNAVAILABLE', async () => {
    const dataDir = join(await newFolder(), 'missing');
    const { code, message } = await refusal(dataDir);
    expect([code, message]).toEqual([
      'STORAGE_UNAVAILABLE',
      `the database file cannot be opened: ${dataDir}/labkeeper.lock`,
    ]);
  });
});
