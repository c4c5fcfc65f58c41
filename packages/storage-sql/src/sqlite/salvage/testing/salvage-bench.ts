import { createHash } from 'node:crypto';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { recordingLog } from '@labkeeper/testkit';
import { beforeAll, expect } from 'vitest';
import { temporaryFolder } from '../../../testing/temporary-folder.js';
import { loadSqliteDriver } from '../../sqlite-driver.js';
import { type SalvageReport, salvageDatabase } from '../salvage-database.js';
import { ALL_KINDS_OF_TABLES, TABLES, TestDatabase } from './damaged-database.js';

const NOW_MS = Date.parse('2026-11-21T12:44:38Z');

/** A sound database, copies of it to be damaged, and what became of their rows. */
export interface SalvageBench {
  newFolder(): Promise<string>;
  newDatabase(sql: string): Promise<TestDatabase>;
  sound(): TestDatabase;
  soundRows(table: string): readonly string[];
  copyOfSound(): Promise<TestDatabase>;
  salvage(database: TestDatabase): Promise<SalvageReport>;
  /** How many rows of a table are as before, are other than before, and are missing. */
  compare(database: TestDatabase, table: string, before?: readonly string[]): Promise<Comparison>;
}

export interface Comparison {
  readonly kept: number;
  readonly other: number;
  readonly missing: number;
}

/** Call it at the top of a test file. */
export function salvageBench(): SalvageBench {
  const newFolder = temporaryFolder();
  const rows = new Map<string, readonly string[]>();
  let made: TestDatabase | undefined;
  const sound = () => made as TestDatabase;
  const inNewFolder = async () =>
    new TestDatabase(await loadSqliteDriver(), join(await newFolder(), 'labkeeper.db'));
  const newDatabase = async (sql: string) => {
    const database = await inNewFolder();
    await database.run(sql);
    return database;
  };
  const copyOfSound = async () => {
    const database = await inNewFolder();
    await copyFile(sound().file, database.file);
    return database;
  };
  const soundRows = (table: string) => rows.get(table) ?? [];
  beforeAll(async () => {
    made = await newDatabase(ALL_KINDS_OF_TABLES);
    for (const table of TABLES) rows.set(table, await made.rows(table));
  });
  const compare = async (database: TestDatabase, table: string, before = soundRows(table)) => {
    const [old, now] = [new Set(before), await database.rows(table)];
    const kept = now.filter((row) => old.has(row)).length;
    return { kept, other: now.length - kept, missing: old.size - kept };
  };
  return { newFolder, newDatabase, sound, soundRows, copyOfSound, salvage, compare };
}

async function salvage({ file }: TestDatabase): Promise<SalvageReport> {
  const driver = await loadSqliteDriver();
  return salvageDatabase({ driver, file, clock: { now: () => NOW_MS }, log: recordingLog() });
}

export async function assertSound(database: TestDatabase): Promise<void> {
  expect(await database.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
}

export async function digest(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}
