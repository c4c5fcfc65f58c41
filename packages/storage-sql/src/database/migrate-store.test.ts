import { join } from 'node:path';
import { recordingLog } from '@labkeeper/testkit';
import type { Knex } from 'knex';
import { describe, expect, it } from 'vitest';
import { sqliteConnections } from '../sqlite/sqlite-connections.js';
import { loadSqliteDriver } from '../sqlite/sqlite-driver.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { appliedMigrations, migrateStore } from './migrate-store.js';
import { STORE_MIGRATIONS, type StoreMigration } from './store-schema.js';

const newFolder = temporaryFolder();

async function withWriter(work: (writer: Knex) => Promise<void>): Promise<void> {
  const connections = sqliteConnections(
    await loadSqliteDriver(),
    join(await newFolder(), 'x.db'),
    recordingLog(),
  );
  try {
    await work(connections.writer);
  } finally {
    await connections.close();
  }
}

const step = (name: string, statement: string): StoreMigration => ({
  name,
  up: async (sql) => void (await sql.raw(statement)),
});

describe('migrations', () => {
  it('are applied in order, once, and only those that are missing', () =>
    withWriter(async (writer) => {
      const first = [step('0001-a', 'create table a (x)'), step('0002-b', 'alter table a add column y')];
      await migrateStore(writer, 'sqlite', first);
      await migrateStore(writer, 'sqlite', first);
      await migrateStore(writer, 'sqlite', [...first, step('0003-c', 'alter table a add column z')]);
      expect(await appliedMigrations(writer)).toEqual(['0001-a', '0002-b', '0003-c']);
      await writer.raw('select x, y, z from a');
    }));

  it('that fail leave the version before, and are tried again at the next start', () =>
    withWriter(async (writer) => {
      const broken: StoreMigration = {
        name: '0002-b',
        up: async (sql) => {
          await sql.raw('create table b (x)');
          await sql.raw('nonsense');
        },
      };
      const first = step('0001-a', 'create table a (x)');
      await expect(migrateStore(writer, 'sqlite', [first, broken])).rejects.toThrow();
      expect(await appliedMigrations(writer)).not.toContain('0002-b');
      await migrateStore(writer, 'sqlite', [first, step('0002-b', 'create table b (x)')]);
      expect(await appliedMigrations(writer)).toEqual(['0001-a', '0002-b']);
    }));

  it('are not held up by the lock of a process that died while migrating', () =>
    withWriter(async (writer) => {
      const first = step('0001-a', 'create table a (x)');
      await migrateStore(writer, 'sqlite', [first]);
      await writer('store_migrations_lock').update({ is_locked: 1 });
      await migrateStore(writer, 'sqlite', [first, step('0002-b', 'create table b (x)')]);
      expect(await appliedMigrations(writer)).toEqual(['0001-a', '0002-b']);
    }));

  it('of a newer version are refused before anything is changed', () =>
    withWriter(async (writer) => {
      await migrateStore(writer, 'sqlite', [
        ...STORE_MIGRATIONS,
        step('9999-later', 'create table later (x)'),
      ]);
      await expect(migrateStore(writer, 'sqlite')).rejects.toMatchObject({
        code: 'STORAGE_NEWER',
        found: '9999-later',
      });
    }));
});
