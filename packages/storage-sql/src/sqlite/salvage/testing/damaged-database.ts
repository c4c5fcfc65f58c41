import { open, truncate } from 'node:fs/promises';
import { SqliteConnection } from '../../sqlite-connection.js';
import type { SqliteDriver } from '../../sqlite-driver.js';

export const PAGE_BYTES = 4_096;

/** One page of a table or an index. */
export interface Page {
  readonly name: string;
  readonly pageno: number;
  readonly pagetype: 'leaf' | 'internal' | 'overflow';
  readonly ncell: number;
}

/** Numbers 1 to n as a table, to make rows from. */
export const counting = (n: number) =>
  `(WITH RECURSIVE counting(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counting WHERE n < ${n}) SELECT n FROM counting)`;

/** Makes a database as Labkeeper's are, and a few things that Labkeeper's have not. */
export const ALL_KINDS_OF_TABLES = `
  PRAGMA user_version = 7;
  PRAGMA application_id = 1816356;
  CREATE TABLE migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);
  INSERT INTO migrations (name) VALUES ('first'), ('second'), ('third');
  DELETE FROM migrations WHERE name = 'third';
  CREATE TABLE events (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, payload TEXT NOT NULL);
  CREATE INDEX events_kind ON events (kind);
  INSERT INTO events SELECT n, 'kind' || (n % 7), 'event ' || n || ' ' || hex(zeroblob(40)) FROM ${counting(2_000)};
  CREATE TABLE chunks (place INTEGER NOT NULL, data BLOB NOT NULL);
  CREATE UNIQUE INDEX chunks_place ON chunks (place);
  INSERT INTO chunks SELECT n * 10, CAST(n || '-' || hex(zeroblob(n % 90)) AS BLOB) FROM ${counting(2_000)};
  CREATE TABLE pictures (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
  INSERT INTO pictures SELECT n, CAST(printf('%08d', n) || hex(zeroblob(6000)) AS BLOB) FROM ${counting(20)};
  CREATE TABLE notes (key TEXT PRIMARY KEY, value TEXT NOT NULL, rank REAL) WITHOUT ROWID;
  CREATE INDEX notes_rank ON notes (rank, key) WHERE rank IS NOT NULL;
  INSERT INTO notes SELECT 'note-' || n, 'text ' || n || hex(zeroblob(50)), n / 2.0 FROM ${counting(2_000)};
  CREATE TABLE pairs (host TEXT, port INTEGER, state TEXT, PRIMARY KEY (host, port DESC)) WITHOUT ROWID;
  INSERT INTO pairs SELECT 'host' || (n % 50), n, hex(zeroblob(60)) FROM ${counting(1_000)};
  CREATE TABLE oddities (what);
  INSERT INTO oddities VALUES (NULL), (1), (1.0), (1.5), ('1'), (x'31'), (9223372036854775807), (''), (x''), (1e999);
  CREATE VIEW loud AS SELECT upper(kind) AS kind FROM events;
`;

/** Names of the tables above that have rows. */
export const TABLES = ['migrations', 'events', 'chunks', 'pictures', 'notes', 'pairs', 'oddities'] as const;

/** A database as a test sees it. */
export class TestDatabase {
  constructor(
    private readonly driver: SqliteDriver,
    readonly file: string,
  ) {}

  async run(sql: string): Promise<void> {
    await this.#using('write', (connection) => connection.exec(sql));
  }

  all<Row>(sql: string): Promise<readonly Row[]> {
    return this.#using('read', (connection) => connection.all<Row>(sql));
  }

  /** All rows of a table with the types of their values; for tables with a rowid it stands in front. */
  async rows(table: string): Promise<readonly string[]> {
    const columns = await this.all<{ name: string }>(`SELECT name FROM pragma_table_xinfo('${table}')`);
    const parts = columns.map(({ name }) => `typeof(${name}) || ':' || quote(CAST(${name} AS BLOB))`);
    const hasRowid = table !== 'notes' && table !== 'pairs';
    const row = [...(hasRowid ? ['rowid'] : []), ...parts].join(" || ' ' || ");
    return (await this.all<{ row: string }>(`SELECT ${row} AS row FROM ${table}`)).map((found) => found.row);
  }

  /** The pages of a table or an index, leaves in the order of the keys; of all of them without a name. */
  pages(name?: string): Promise<readonly Page[]> {
    const which = name === undefined ? '' : `WHERE name = '${name}'`;
    return this.all<Page>(`SELECT name, pageno, pagetype, ncell FROM dbstat ${which} ORDER BY path`);
  }

  async leaves(name: string): Promise<readonly Page[]> {
    return (await this.pages(name)).filter(({ pagetype }) => pagetype === 'leaf');
  }

  async garblePage({ pageno }: Pick<Page, 'pageno'>, byte = 0xa5): Promise<void> {
    await this.overwrite((pageno - 1) * PAGE_BYTES, Buffer.alloc(PAGE_BYTES, byte));
  }

  async overwrite(offset: number, bytes: Uint8Array): Promise<void> {
    const handle = await open(this.file, 'r+');
    await handle.write(bytes, 0, bytes.length, offset);
    await handle.close();
  }

  async cutLastPage(): Promise<void> {
    const handle = await open(this.file, 'r');
    const { size } = await handle.stat();
    await handle.close();
    await truncate(this.file, size - PAGE_BYTES);
  }

  async #using<Result>(
    mode: 'read' | 'write',
    work: (connection: SqliteConnection) => Promise<Result>,
  ): Promise<Result> {
    const connection = await SqliteConnection.open(this.driver, this.file, mode);
    try {
      return await work(connection);
    } finally {
      await connection.close();
    }
  }
}
