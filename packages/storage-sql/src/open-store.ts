import type { Clock, LabkeeperError, Logger, Storage } from '@labkeeper/core';
import { type JournalMedium, newSettler, Tsdb, type TsdbRules } from '@labkeeper/tsdb';
import { migrateStore } from './database/migrate-store.js';
import { type SqlConnections, SqlDatabase } from './database/sql-database.js';
import { CollectionTables } from './records/collection-tables.js';
import { SqlRecords } from './records/sql-records.js';
import { VersionCounter } from './records/version-counter.js';
import { SqlChunkStore } from './samples/sql-chunk-store.js';

export interface StoreParts {
  readonly connections: SqlConnections;
  readonly clock: Clock;
  readonly log: Logger;
  /** Where the journal of samples is kept. */
  readonly medium: (database: SqlDatabase) => Promise<JournalMedium>;
  readonly rules: TsdbRules;
  /** Called when a read finds that the database is damaged. */
  readonly onCorrupt?: () => void;
  /** Lets go of what was taken before the connections were made. Called once, last. */
  readonly release: () => Promise<void>;
}

/** A store on connections that hold the lock of their database. */
export interface OpenStore extends Storage {
  /** From now on nothing is written. */
  refuseWrites(reason: LabkeeperError): void;
}

/** Migrates and loads. When that fails, everything is let go of again. */
export async function openStore(parts: StoreParts): Promise<OpenStore> {
  const database = new SqlDatabase(parts.connections, parts.clock);
  try {
    return await loadStore(database, parts);
  } catch (error) {
    await database.close().catch(() => undefined);
    await parts.release();
    throw error;
  }
}

async function loadStore(database: SqlDatabase, parts: StoreParts): Promise<OpenStore> {
  const { connections, clock, log, rules, release } = parts;
  await database.upkeep((sql) => migrateStore(sql, connections.dialect));
  const [tables, versions] = await database.read((sql) =>
    Promise.all([CollectionTables.load(sql, connections.dialect), VersionCounter.load(sql)]),
  );
  const samples = await Tsdb.open({
    ...{ clock, log, rules, settler: newSettler },
    store: new SqlChunkStore(database, parts.onCorrupt),
    medium: await parts.medium(database),
  });
  const records = new SqlRecords(database, { tables, versions });
  let closing: Promise<void> | undefined;
  const close = async () => {
    try {
      await samples.close();
      await database.close();
    } finally {
      await release();
    }
  };
  return {
    samples,
    records,
    health: () => database.health(),
    close: () => (closing ??= close()),
    refuseWrites: (reason) => database.refuseWrites(reason),
  };
}
