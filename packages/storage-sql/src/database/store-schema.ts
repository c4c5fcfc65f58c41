import type { Knex } from 'knex';

/** Names of types that differ. Texts compare by code point in both. */
const TYPES = {
  sqlite: { integer: 'INTEGER', blob: 'BLOB', text: 'TEXT', number: 'REAL' },
  postgres: { integer: 'bigint', blob: 'bytea', text: 'text COLLATE "C"', number: 'double precision' },
} as const;

export type Dialect = keyof typeof TYPES;

/** The types of one dialect. */
export function typesOf(dialect: Dialect): (typeof TYPES)[Dialect] {
  return TYPES[dialect];
}

/** A step from one version of the tables to the next. Never changed once released: add another. */
export interface StoreMigration {
  /** Sorts in the order of the steps. */
  readonly name: string;
  up(sql: Knex, dialect: Dialect): Promise<void>;
}

/** All steps, oldest first. */
export const STORE_MIGRATIONS: readonly StoreMigration[] = [
  { name: '0001-first-tables', up: createFirstTables },
  { name: '0002-packs-of-samples', up: createPacks },
];

async function createFirstTables(sql: Knex, dialect: Dialect): Promise<void> {
  const { integer, blob, text } = TYPES[dialect];
  const statements = [
    // Facts about the store itself: the version counter, how far samples are in chunks.
    `create table store_meta (name ${text} primary key, value ${text} not null)`,
    `insert into store_meta values ('format', '1')`,
    // Which collections there are, and their indexes as JSON. Each has a table of its own beside these.
    `create table store_collections (name ${text} primary key, indexes ${text} not null)`,
    `create table sample_series (id ${integer} primary key, name ${text} not null, labels ${text} not null)`,
    // Flushes that are not in chunks yet; newest_ms stands before the bytes so that looking at it does not read them.
    `create table sample_log (id ${integer} primary key, newest_ms ${integer} not null, data ${blob} not null)`,
    `create table sample_chunks (window_number ${integer} not null, series_id ${integer} not null,
       samples ${integer} not null, first_ms ${integer} not null, last_ms ${integer} not null, data ${blob} not null)`,
    `create unique index sample_chunks_place on sample_chunks (window_number, series_id)`,
    `create table sample_windows (window_number ${integer} primary key, samples ${integer} not null,
       bytes ${integer} not null, oldest_ms ${integer} not null, newest_ms ${integer} not null)`,
  ];
  for (const statement of statements) await sql.raw(statement);
}

/** Samples in packs. Those of before are gone with their tables: no release had them. */
async function createPacks(sql: Knex, dialect: Dialect): Promise<void> {
  const { integer, blob } = TYPES[dialect];
  const statements = [
    ...['sample_log', 'sample_chunks', 'sample_windows'].map((table) => `drop table ${table}`),
    `delete from sample_series`,
    `delete from store_meta where name = 'samples_sealed'`,
    // Chunks of several series; the bytes stand last, so that looking at the rest does not read them.
    `create table sample_packs (id ${integer} primary key, resolution_ms ${integer} not null, from_ms ${integer} not null,
       to_ms ${integer} not null, is_settled ${integer} not null, first_series ${integer} not null, last_series ${integer} not null,
       samples ${integer} not null, oldest_ms ${integer} not null, newest_ms ${integer} not null, data ${blob} not null)`,
    // What is not in packs yet, where the journal is not a file.
    `create table sample_journal (segment ${integer} not null, position ${integer} not null, data ${blob} not null,
       primary key (segment, position))`,
  ];
  for (const statement of statements) await sql.raw(statement);
}
