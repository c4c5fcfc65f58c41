import type { Clock, LabkeeperError, Logger, Storage } from '@labkeeper/core';
import { migrateStore } from './database/migrate-store.js';
import { type SqlConnections, SqlDatabase } from './database/sql-database.js';
import { CollectionTables } from './records/collection-tables.js';
import { SqlRecords } from './records/sql-records.js';
import { VersionCounter } from './records/version-counter.js';
import { SAMPLE_RULES, type SampleRules, SqlSamples } from './samples/sql-samples.js';

export interface StoreParts {
  readonly connections: SqlConnections;
  readonly clock: Clock;
  readonly log: Logger;
  /** Other than the usual ones in tests only. */
  readonly rules?: SampleRules;
  /** Called after each append of samples. */
  readonly onAppend?: () => void;
  /** Lets go of what was taken before the connections were made. Called once, last. */
  readonly release: () => Promise<void>;
}

/** A store on connections that hold the lock of their database. */
export interface OpenStore extends Storage {
  /** From now on nothing is written. */
  refuseWrites(reason: LabkeeperError): void;
  /** Makes everything that was appended so far survive a power cut. */
  sync(): Promise<void>;
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
  const { connections, clock, log, rules = SAMPLE_RULES, onAppend = () => undefined, release } = parts;
  await database.upkeep((sql) => migrateStore(sql, connections.dialect));
  const [tables, versions] = await database.read((sql) =>
    Promise.all([CollectionTables.load(sql, connections.dialect), VersionCounter.load(sql)]),
  );
  const samples = await SqlSamples.load({ database, clock, log, rules, onAppend });
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
    sync: () => database.sync(),
  };
}
