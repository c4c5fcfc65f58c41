import type { Logger } from '@labkeeper/core';
import knexPackage, { type Knex } from 'knex';
import PostgresDialect from 'knex/lib/dialects/postgres/index.js';
import pg, { type Client } from 'pg';
import { callDriver, DriverFailure } from '../database/driver-failure.js';
import { quietLog } from '../database/quiet-log.js';
import type { SqlConnections } from '../database/sql-database.js';

/** Connections that only read. Few, because a server may be shared with others. */
const READERS = 4;

/** A server that does not answer a new connection in this time counts as gone. */
const CONNECT_TIMEOUT_MS = 10_000;

/** A statement without an answer for so long counts as failed: the server or the network hangs. None of ours takes long. */
const STATEMENT_TIMEOUT_MS = 60_000;

/** The session is over: class 08, 57P01 to 57P03 (the server stops), or the socket is gone. */
const LOST_CODE = /^(08|57P0[1-3]|ECONN|EPIPE)/;

/** `bigint`, which holds our times and counts; all of them fit a double. */
const INT8_OID = 20;

export interface PostgresTarget {
  readonly url: string;
  readonly schema: string;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Called with each new connection of the writer before it is used. May refuse it by throwing. */
  readonly admitWriter: (connection: Client) => Promise<void>;
  readonly log: Logger;
}

/** The connections to one schema of a PostgreSQL database. Nothing is opened before the first use. */
export function postgresConnections(target: PostgresTarget): SqlConnections {
  const writer = knexOn(target, { min: 1, max: 1 }, target.admitWriter);
  const reader = knexOn(target, { min: 0, max: READERS });
  return {
    dialect: 'postgres',
    writer,
    reader,
    prepare: async () => undefined,
    begin: async (transaction, durability) => {
      // The server then syncs within its wal_writer_delay, three times 0.2 s at most.
      if (durability === 'relaxed') await transaction.raw('set local synchronous_commit = off');
    },
    recover: async () => undefined,
    close: async () => {
      await reader.destroy();
      await writer.destroy();
    },
  };
}

function knexOn(
  { url, schema, applicationName, log }: PostgresTarget,
  pool: { readonly min: number; readonly max: number },
  admit?: (connection: Client) => Promise<void>,
): Knex {
  const types = {
    getTypeParser: (oid: number, format?: 'text' | 'binary') =>
      oid === INT8_OID
        ? Number
        : (pg.types.getTypeParser(oid, format as 'text') as (text: string) => unknown),
  };
  return knexPackage.knex({
    client: dialectOf(admit),
    connection: {
      connectionString: url,
      application_name: applicationName,
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS,
      types,
    } as Knex.PgConnectionConfig,
    searchPath: [schema],
    pool,
    acquireConnectionTimeout: CONNECT_TIMEOUT_MS + STATEMENT_TIMEOUT_MS,
    // Otherwise values stand in the messages of errors, secrets among them.
    compileSqlOnError: false,
    log: quietLog(log),
  });
}

/** knex's PostgreSQL dialect with connections that are admitted first, and errors that say where they come from. */
function dialectOf(admit: ((connection: Client) => Promise<void>) | undefined): typeof Knex.Client {
  return class extends PostgresDialect {
    override acquireRawConnection(): Promise<unknown> {
      return callDriver(async () => {
        const connection = (await super.acquireRawConnection()) as Client;
        try {
          await admit?.(connection);
        } catch (error) {
          await connection.end();
          throw error;
        }
        return connection;
      });
    }

    override async _query(connection: unknown, query: unknown): Promise<unknown> {
      try {
        return await callDriver(() => super._query(connection, query));
      } catch (error) {
        if (isLost(error)) (connection as { __knex__disposed?: unknown }).__knex__disposed = error;
        throw error;
      }
    }
  };
}

/** Whether the connection of a failed statement must not be used again. */
function isLost(error: unknown): boolean {
  const cause = error instanceof DriverFailure ? error.cause : error;
  if (!(cause instanceof Error)) return false;
  // After a timeout the answer may still come, and would be taken for that of the next statement.
  if (cause.message === 'Query read timeout') return true;
  // The server says goodbye before it closes the socket. Waiting for that would cost the next caller its statement, too.
  return LOST_CODE.test((cause as NodeJS.ErrnoException).code ?? '');
}
