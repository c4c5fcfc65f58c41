import type { Logger } from '@labkeeper/core';
import type { Knex } from 'knex';
import type { SqlConnections } from '../../database/sql-database.js';
import { snapshotOf } from '../../open-store-for-reading.js';
import { sqliteConnections } from '../sqlite-connections.js';
import type { SqliteDriver } from '../sqlite-driver.js';

/**
 * One connection to a file that SQLite itself is told never to write to, within one transaction: packs that a running
 * Labkeeper removes meanwhile can still be read. Until it is closed, the write-ahead log of that Labkeeper cannot begin anew.
 */
export function snapshotConnections(
  driver: SqliteDriver,
  file: string,
  log: Logger,
): Promise<SqlConnections> {
  return snapshotOf(sqliteConnections(neverWriting(driver), file, log), beginSnapshot);
}

async function beginSnapshot(reader: Knex): Promise<Knex.Transaction> {
  const snapshot = await reader.transaction();
  try {
    // A transaction sees the database as it is at its first look.
    await snapshot.raw('select count(*) from sqlite_master');
    return snapshot;
  } catch (error) {
    await snapshot.rollback();
    throw error;
  }
}

function neverWriting({ OPEN_READONLY, Database }: SqliteDriver): SqliteDriver {
  return { OPEN_READONLY, OPEN_READWRITE: OPEN_READONLY, OPEN_CREATE: 0, Database };
}
