import { type Clock, LabkeeperError, type Logger, type StorageForReading } from '@labkeeper/core';
import { type JournalMedium, newSettler, Tsdb, type TsdbRules } from '@labkeeper/tsdb';
import type { Knex } from 'knex';
import { appliedMigrations, assertNotNewer } from './database/migrate-store.js';
import { type SqlConnections, SqlDatabase } from './database/sql-database.js';
import { STORE_MIGRATIONS } from './database/store-schema.js';
import { SqlChunkStore } from './samples/sql-chunk-store.js';

export interface ReadingStoreParts {
  /** Of which both kinds only read, and see one moment. */
  readonly connections: SqlConnections;
  readonly clock: Clock;
  readonly log: Logger;
  readonly rules: TsdbRules;
  readonly medium: (database: SqlDatabase) => JournalMedium;
}

/** A store that is only looked at. When it cannot be opened, the connections are let go of. */
export async function openStoreForReading(parts: ReadingStoreParts): Promise<StorageForReading> {
  const { connections, clock, medium } = parts;
  const database = new SqlDatabase(connections, clock);
  try {
    await database.read(assertPresent);
    const store = new SqlChunkStore(database);
    const samples = await Tsdb.open({ ...parts, medium: medium(database), store, settler: newSettler });
    return readingFace(samples, database);
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Both kinds of connections as one transaction of `reader`, so that all of them see one moment. */
export async function snapshotOf(
  { dialect, reader, writer }: SqlConnections,
  begin: (reader: Knex) => Promise<Knex.Transaction>,
): Promise<SqlConnections> {
  const disconnect = async () => {
    await reader.destroy();
    await writer.destroy();
  };
  try {
    const snapshot = await begin(reader);
    const close = () => snapshot.rollback().then(disconnect);
    return { ...{ dialect, close, reader: snapshot, writer: snapshot }, ...NOTHING_TO_WRITE };
  } catch (error) {
    await disconnect();
    throw error;
  }
}

const nothing = async () => undefined;
const NOTHING_TO_WRITE = { prepare: nothing, begin: nothing, recover: nothing };

/** Bringing a database up to date would be writing. */
async function assertPresent(sql: Knex): Promise<void> {
  const applied = await appliedMigrations(sql);
  assertNotNewer(applied);
  if (applied.length === 0)
    throw new LabkeeperError('STORAGE_EMPTY', 'the database has no tables of Labkeeper');
  if (applied.length === STORE_MIGRATIONS.length) return;
  throw new LabkeeperError('STORAGE_OLDER', 'the database was written by an older version of Labkeeper', {
    found: applied.at(-1) ?? '',
    allowed: STORE_MIGRATIONS.at(-1)?.name ?? '',
  });
}

function readingFace(samples: Tsdb, database: SqlDatabase): StorageForReading {
  const { select, latest, series, labelNames, labelValues, rollup, stats, cardinality } = samples;
  let closing: Promise<void> | undefined;
  const close = async () => {
    await samples.close();
    await database.close();
  };
  return {
    samples: { select, latest, series, labelNames, labelValues, rollup, stats, cardinality },
    close: () => (closing ??= close()),
  };
}
