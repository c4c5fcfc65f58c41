import { randomUUID } from 'node:crypto';
import pg from 'pg';

/** Where a PostgreSQL server may be found that tests can use: LABKEEPER_TEST_POSTGRES, or one on this machine that trusts us. */
const CANDIDATES = [
  process.env.LABKEEPER_TEST_POSTGRES,
  'postgres://postgres@127.0.0.1:5432/test',
  'postgres://root@127.0.0.1:5432/test',
  'postgres:///test?host=/var/run/postgresql',
];

const CONNECT_TIMEOUT_MS = 2_000;

/** A server for tests; every store in it gets a schema of its own. */
export interface PostgresServer {
  readonly url: string;
  /** A name no other test uses. */
  newSchema(): string;
  query(sql: string): Promise<readonly Record<string, unknown>[]>;
  /** Removes the schemas that were named. */
  clear(): Promise<void>;
}

/** Finds a server, or undefined: then the tests say that they were skipped. */
export async function findPostgres(): Promise<PostgresServer | undefined> {
  for (const url of CANDIDATES) {
    if (url !== undefined && (await answers(url))) return serverAt(url);
  }
  return undefined;
}

async function answers(url: string): Promise<boolean> {
  try {
    await withClient(url, (client) => client.query('select 1'));
    return true;
  } catch {
    return false;
  }
}

function serverAt(url: string): PostgresServer {
  const schemas: string[] = [];
  const query = async (sql: string) =>
    withClient(url, async (client) => (await client.query<Record<string, unknown>>(sql)).rows);
  return {
    url,
    query,
    newSchema: () => {
      const schema = `labkeeper_test_${randomUUID().slice(0, 8)}`;
      schemas.push(schema);
      return schema;
    },
    clear: async () => {
      for (const schema of schemas) await query(`drop schema if exists ${schema} cascade`);
    },
  };
}

async function withClient<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
