import { hostname } from 'node:os';
import type { StorageForReading } from '@labkeeper/core';
import type { SqlConnections } from '../database/sql-database.js';
import { storageFailure } from '../database/storage-failure.js';
import { openStoreForReading, snapshotOf } from '../open-store-for-reading.js';
import { RowMedium } from '../samples/row-medium.js';
import type { PostgresStoreParts } from './open-postgres.js';
import { postgresConnections } from './postgres-connections.js';

/**
 * Opens the store in a schema as it is now, whether or not a Labkeeper runs on it. Throws STORAGE_EMPTY, STORAGE_OLDER,
 * STORAGE_NEWER, STORAGE_CORRUPT or STORAGE_UNAVAILABLE.
 */
export async function openPostgresForReading(parts: PostgresStoreParts): Promise<StorageForReading> {
  const connections = await connect(parts);
  return openStoreForReading({ ...parts, connections, medium: (database) => new RowMedium(database, false) });
}

async function connect({ url, schema, log }: PostgresStoreParts): Promise<SqlConnections> {
  const applicationName = `labkeeper reading on ${hostname()}`;
  // Nothing is written, so nobody has to be admitted.
  const admitWriter = async () => undefined;
  const connections = postgresConnections({ url, schema, applicationName, admitWriter, log });
  try {
    return await snapshotOf(connections, (reader) =>
      // Rows of the journal and packs as of one moment.
      reader.transaction(undefined, { isolationLevel: 'repeatable read', readOnly: true }),
    );
  } catch (error) {
    throw storageFailure(error);
  }
}
