import { createHash } from 'node:crypto';
import { type CollectionDeclaration, indexedValue } from '@labkeeper/core';
import type { Knex } from 'knex';
import { queryRows } from '../database/query-rows.js';
import type { WriteScope } from '../database/sql-database.js';
import { type Dialect, typesOf } from '../database/store-schema.js';

type Indexes = NonNullable<CollectionDeclaration['indexes']>;

/** Rows that are filled into a new index at once; bounds the memory, not the transaction. */
const FILLED_AT_ONCE = 500;

/** The table of a collection. The name has been checked; the prefix keeps it off every other table. */
export function tableOf(collection: string): string {
  return `records_${collection}`;
}

/** The column of an index. The prefix keeps it off `key`, `value` and `version`. */
export function columnOf(index: string): string {
  return `by_${index}`;
}

/**
 * The tables of the collections, made and changed as they are declared. Every collection has one: key, JSON text, version,
 * and a column for each index.
 */
export class CollectionTables {
  /** What everybody sees. */
  readonly #committed = new Map<string, Indexes>();
  /** What the transaction that runs sees: one writes at a time. */
  readonly #present = new Map<string, Indexes>();

  private constructor(private readonly dialect: Dialect) {}

  static async load(sql: Knex, dialect: Dialect): Promise<CollectionTables> {
    const tables = new CollectionTables(dialect);
    const rows = await sql<{ name: string; indexes: string }>('store_collections').select('name', 'indexes');
    for (const { name, indexes } of rows) tables.#committed.set(name, JSON.parse(indexes) as Indexes);
    for (const [name, indexes] of tables.#committed) tables.#present.set(name, indexes);
    return tables;
  }

  /** True when everybody can use the collection as declared. */
  isReady({ name, indexes = {} }: CollectionDeclaration): boolean {
    return sameIndexes(this.#committed.get(name), indexes);
  }

  /**
   * Makes the table as declared, if it is not: creates it, drops indexes that are gone, adds and fills new ones.
   * Called before each use within a transaction.
   */
  async prepare(scope: WriteScope, declaration: CollectionDeclaration): Promise<void> {
    if (sameIndexes(this.#present.get(declaration.name), declaration.indexes ?? {})) return;
    await this.#make(scope, declaration);
  }

  async #make(scope: WriteScope, declaration: CollectionDeclaration): Promise<void> {
    const { name, indexes = {} } = declaration;
    const present = this.#present.get(name);
    const { sql } = scope;
    if (!present) await this.#create(sql, name);
    for (const [index, kind] of Object.entries(present ?? {})) {
      if (indexes[index] !== kind) await this.#drop(sql, name, index);
    }
    const added = Object.entries(indexes).filter(([index, kind]) => present?.[index] !== kind);
    for (const [index, kind] of added) await this.#add(sql, name, { index, kind });
    if (present && added.length > 0)
      await fill(
        sql,
        declaration,
        added.map(([index]) => index),
      );
    await sql('store_collections')
      .insert({ name, indexes: JSON.stringify(indexes) })
      .onConflict('name')
      .merge();
    this.#remember(scope, name, indexes);
  }

  #remember({ afterCommit, afterRollback }: WriteScope, name: string, indexes: Indexes): void {
    this.#present.set(name, indexes);
    afterCommit(() => this.#committed.set(name, indexes));
    afterRollback(() => {
      const before = this.#committed.get(name);
      if (before) this.#present.set(name, before);
      else this.#present.delete(name);
    });
  }

  async #create(sql: Knex, name: string): Promise<void> {
    const { integer, text } = typesOf(this.dialect);
    await sql.raw(
      `create table ?? (key ${text} primary key, value ${text} not null, version ${integer} not null)` +
        // One tree instead of two: a new record changes one page less.
        (this.dialect === 'sqlite' ? ' without rowid' : ''),
      [tableOf(name)],
    );
  }

  async #add(
    sql: Knex,
    name: string,
    { index, kind }: { index: string; kind: 'text' | 'number' },
  ): Promise<void> {
    const [table, column] = [tableOf(name), columnOf(index)];
    await sql.raw(`alter table ?? add column ?? ${typesOf(this.dialect)[kind]}`, [table, column]);
    // Records that are left out of the index take no room in it.
    await sql.raw('create index ?? on ?? (??, key) where ?? is not null', [
      indexName(name, index),
      table,
      column,
      column,
    ]);
  }

  async #drop(sql: Knex, name: string, index: string): Promise<void> {
    await sql.raw('drop index ??', [indexName(name, index)]);
    await sql.raw('alter table ?? drop column ??', [tableOf(name), columnOf(index)]);
  }
}

async function fill(
  sql: Knex,
  declaration: CollectionDeclaration,
  indexes: readonly string[],
): Promise<void> {
  const table = tableOf(declaration.name);
  const assignments = indexes.map(() => '?? = ?').join(', ');
  for (let after = ''; ; ) {
    const rows = await queryRows<{ key: string; value: string }>(
      sql,
      'select key, value from ?? where key > ? order by key limit ?',
      [table, after, FILLED_AT_ONCE],
    );
    for (const { key, value } of rows) {
      const record: unknown = JSON.parse(value);
      const bindings = indexes.flatMap((index) => [
        columnOf(index),
        fittingValue(declaration, index, record),
      ]);
      await sql.raw(`update ?? set ${assignments} where key = ?`, [table, ...bindings, key]);
    }
    if (rows.length < FILLED_AT_ONCE) return;
    after = rows.at(-1)?.key ?? after;
  }
}

/** Old records were written under another declaration: one that does not fit the index is left out of it. */
function fittingValue(
  declaration: CollectionDeclaration,
  index: string,
  record: unknown,
): string | number | null {
  try {
    return indexedValue(declaration, index, record) ?? null;
  } catch {
    return null;
  }
}

/** PostgreSQL cuts names after 63 bytes, and names of indexes must differ in the whole schema. */
function indexName(collection: string, index: string): string {
  return `by_${createHash('sha256').update(`${collection}.${index}`).digest('hex').slice(0, 24)}`;
}

function sameIndexes(a: Indexes | undefined, b: Indexes): boolean {
  if (a === b || !a) return a === b;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
