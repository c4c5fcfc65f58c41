import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type Clock, LabkeeperError, type Logger, type Storage } from '@labkeeper/core';
import type { TsdbRules } from '@labkeeper/tsdb';
import type { Client } from 'pg';
import type { SqlConnections } from '../database/sql-database.js';
import { storageFailure } from '../database/storage-failure.js';
import { openStore } from '../open-store.js';
import { RowMedium } from '../samples/row-medium.js';
import { postgresConnections } from './postgres-connections.js';
import { lockForWriter, type Ownership } from './writer-lock.js';

const OWNER = 'owner';

/** PostgreSQL cuts the names of applications to this many bytes. */
const MAX_APPLICATION_NAME = 63;

export interface PostgresStoreParts {
  readonly url: string;
  readonly schema: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly rules: TsdbRules;
}

/** Opens the store in a schema. Throws STORAGE_LOCKED, STORAGE_CORRUPT, STORAGE_NEWER or STORAGE_UNAVAILABLE. */
export async function openPostgres({ url, schema, clock, log, rules }: PostgresStoreParts): Promise<Storage> {
  const id = randomUUID();
  const applicationName = `labkeeper ${id.slice(0, 8)} process ${process.pid} on ${hostname()}`.slice(
    0,
    MAX_APPLICATION_NAME,
  );
  const ownership: Ownership = { schema, applicationName };
  let isOpen = false;
  const admitWriter = async (connection: Client) => {
    await lockForWriter(connection, ownership);
    if (isOpen) await assertStillOurs(connection, id);
  };
  const connections = postgresConnections({ url, schema, applicationName, admitWriter, log });
  await createSchema(connections, schema);
  const store = await openStore({
    connections,
    clock,
    log,
    release: async () => undefined,
    rules,
    medium: async (database) => new RowMedium(database, rules.syncWithinMs === 0),
  });
  await takeOver(connections, id);
  isOpen = true;
  return { samples: store.samples, records: store.records, health: store.health, close: store.close };
}

async function createSchema({ writer, close }: SqlConnections, schema: string): Promise<void> {
  try {
    await writer.raw('create schema if not exists ??', [schema]);
  } catch (error) {
    await close();
    throw storageFailure(error);
  }
}

/** Leaves our mark in the store. */
async function takeOver({ writer }: SqlConnections, id: string): Promise<void> {
  await writer('store_meta').insert({ name: OWNER, value: id }).onConflict('name').merge();
}

/**
 * While a connection was lost, another process may have opened the store, written, and gone: then what this one remembers
 * of versions and series is wrong, and it must not write any more.
 */
async function assertStillOurs(connection: Client, id: string): Promise<void> {
  const { rows } = await connection.query<{ value: string }>('select value from store_meta where name = $1', [
    OWNER,
  ]);
  if (rows[0]?.value === id) return;
  throw new LabkeeperError(
    'STORAGE_LOCKED',
    'another process has used the store while the connection was lost; start again',
  );
}
