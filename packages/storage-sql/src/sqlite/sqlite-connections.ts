import { describeError, type Logger } from '@labkeeper/core';
import knexPackage, { type Knex } from 'knex';
import SqliteDialect from 'knex/lib/dialects/sqlite3/index.js';
import { callDriver } from '../database/driver-failure.js';
import { quietLog } from '../database/quiet-log.js';
import type { Durability, SqlConnections } from '../database/sql-database.js';
import { execOn, openSqliteHandle } from './sqlite-connection.js';
import type { SqliteDriver } from './sqlite-driver.js';

/** Readers at once: a long selection of samples must not hold up a short look at a record. */
const READERS = 3;

/** How long a statement waits for a program outside, such as a backup, to let go of the file. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * WAL lets readers read while one writes. A larger page cache than 2 MB gained nothing in the bench; `fullfsync` makes
 * macOS really sync, and is ignored elsewhere. A WAL that has grown is cut back to the usual 4 MB. Room
 * that samples leave can be given back (this one counts for a new file only).
 */
const WRITER_PRAGMAS = `
  PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};
  PRAGMA auto_vacuum = INCREMENTAL;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA fullfsync = ON;
  PRAGMA checkpoint_fullfsync = ON;
  PRAGMA journal_size_limit = 4194304;
`;
const READER_PRAGMAS = `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA query_only = ON;`;

/** The connections to one SQLite file. Nothing is opened before the first use. */
export function sqliteConnections(driver: SqliteDriver, file: string, log: Logger): SqlConnections {
  const writer = knexOn(driver, file, { pragmas: WRITER_PRAGMAS, connections: 1, log });
  const reader = knexOn(driver, file, { pragmas: READER_PRAGMAS, connections: READERS, log });
  // What the writer's connection is set to. A connection that is made anew begins with the pragma above.
  let durability: Durability = 'synced';
  return {
    dialect: 'sqlite',
    writer,
    reader,
    prepare: async (wanted) => {
      if (wanted === durability) return;
      await writer.raw(`PRAGMA synchronous = ${wanted === 'synced' ? 'FULL' : 'NORMAL'}`);
      durability = wanted;
    },
    begin: async () => undefined,
    recover: async () => {
      // A commit that failed for want of space can leave its transaction open; then the next could not begin.
      await writer.raw('ROLLBACK').catch(() => undefined);
    },
    close: async () => {
      await reader.destroy();
      await writer.raw('PRAGMA wal_checkpoint(TRUNCATE)').catch((error: unknown) => {
        // Nothing is lost by it: on a full disk the log stays as it is, and the next start goes on with it.
        log.warn('the write-ahead log could not be moved into the database', {
          reason: describeError(error),
        });
      });
      await writer.destroy();
    },
  };
}

function knexOn(
  driver: SqliteDriver,
  file: string,
  { pragmas, connections, log }: { pragmas: string; connections: number; log: Logger },
): Knex {
  return knexPackage.knex({
    client: dialectOn(driver, pragmas),
    connection: { filename: file },
    useNullAsDefault: true,
    pool: { min: 1, max: connections },
    // Otherwise values stand in the messages of errors, secrets among them.
    compileSqlOnError: false,
    log: quietLog(log),
  });
}

/** knex's SQLite dialect on another driver, with prepared connections and errors that say where they come from. */
function dialectOn(driver: SqliteDriver, pragmas: string): typeof Knex.Client {
  return class extends SqliteDialect {
    override _driver(): unknown {
      return driver;
    }

    override async acquireRawConnection(): Promise<unknown> {
      const { filename } = this.connectionSettings as { filename: string };
      const handle = await openSqliteHandle(driver, filename, 'write');
      await callDriver(() => execOn(handle, pragmas));
      return handle;
    }

    override _query(connection: unknown, query: unknown): Promise<unknown> {
      return callDriver(() => super._query(connection, query));
    }
  };
}
