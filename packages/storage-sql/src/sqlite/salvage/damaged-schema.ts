import type { SqliteConnection } from '../sqlite-connection.js';
import { type KeySpace, rowidSpace, textSpace } from './key-space.js';
import {
  DAMAGED,
  isDamage,
  quoteName,
  quoteText,
  unlessDamaged,
  unreadableSchema,
} from './salvage-connection.js';

/** A statement that made something, as it stands in the schema. */
export interface SchemaEntry {
  readonly type: 'table' | 'index' | 'view' | 'trigger';
  readonly name: string;
  readonly sql: string;
}

/** How the rows of one table are read. */
export interface DamagedTable {
  readonly name: string;
  /** What stands behind FROM: the table, held to its own tree, so that a broken index does not matter. */
  readonly source: string;
  /** What is copied, the rowid first where there is one. */
  readonly columns: string;
  /** Absent when the key has several columns or another order than that of its bytes. */
  readonly keys: KeySpace | undefined;
  /**
   * SQL behind ORDER BY that follows the tree, there and back. The columns are qualified: otherwise ORDER BY would take the
   * name of a result for that of a column, and sort instead, which reads across the damage.
   */
  readonly order: { readonly ascending: string; readonly descending: string };
}

/** Reads the whole schema. Throws STORAGE_CORRUPT: without all of it nobody could say what is missing. */
export async function readSchema(
  connection: SqliteConnection,
  file: string,
): Promise<readonly SchemaEntry[]> {
  const entries = await unlessDamaged(() =>
    connection.all<SchemaEntry>(
      `SELECT type, name, sql FROM ${DAMAGED}.sqlite_master
       WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid`,
    ),
  );
  if (entries?.some(({ type }) => type === 'table')) return entries;
  throw unreadableSchema(file, 'no tables');
}

/** Makes the tables and indexes anew, in this order. The indexes come before the rows, so that they refuse what is garbled. */
export async function createTables(
  connection: SqliteConnection,
  entries: readonly SchemaEntry[],
  file: string,
): Promise<void> {
  await connection.exec('PRAGMA writable_schema = OFF');
  for (const wanted of ['table', 'index'] as const) {
    for (const { name, sql } of entries.filter(({ type }) => type === wanted)) {
      await connection.exec(sql).catch((error: unknown) => {
        throw isDamage(error) ? unreadableSchema(file, `${wanted} ${name}`) : error;
      });
    }
  }
  await connection.exec('PRAGMA writable_schema = ON');
}

/** Throws STORAGE_CORRUPT when the table that was made anew is not the one that is read. */
export async function describeTable(
  connection: SqliteConnection,
  name: string,
  file: string,
): Promise<DamagedTable> {
  const columns = await columnsOf(connection, DAMAGED, name);
  const made = await columnsOf(connection, 'main', name);
  if (columns.length === 0 || JSON.stringify(columns) !== JSON.stringify(made)) {
    throw unreadableSchema(file, `table ${name}`);
  }
  // Generated columns are worked out again.
  const stored = columns.filter(({ hidden }) => hidden === 0).map((column) => column.name);
  const table = `${DAMAGED}.${quoteName(name)} AS old`;
  const primary = await primaryTreeOf(connection, name);
  if (primary)
    return {
      name,
      source: `${table} INDEXED BY ${quoteName(primary.index)}`,
      columns: list(stored),
      ...primary,
    };
  const alias = ['rowid', '_rowid_', 'oid'].find(
    (free) => !columns.some((column) => column.name.toLowerCase() === free),
  );
  const order = {
    ascending: alias === undefined ? 'NULL' : `old.${alias}`,
    descending: alias === undefined ? 'NULL' : `old.${alias} DESC`,
  };
  return {
    name,
    source: `${table} NOT INDEXED`,
    columns: alias === undefined ? list(stored) : `${alias}, ${list(stored)}`,
    keys: alias === undefined ? undefined : rowidSpace(alias),
    order,
  };
}

const list = (names: readonly string[]) => names.map(quoteName).join(', ');

interface Column {
  readonly name: string;
  readonly type: string;
  readonly hidden: number;
}

async function columnsOf(
  connection: SqliteConnection,
  schema: string,
  name: string,
): Promise<readonly Column[]> {
  return connection.all<Column>(
    `SELECT name, type, "notnull", pk, hidden FROM pragma_table_xinfo(${quoteText(name)}, ${quoteText(schema)})`,
  );
}

/** The tree of a table WITHOUT ROWID; undefined for any other. NOT INDEXED would not keep SQLite from other indexes there. */
async function primaryTreeOf(
  connection: SqliteConnection,
  name: string,
): Promise<(Pick<DamagedTable, 'keys' | 'order'> & { index: string }) | undefined> {
  const [kind] = await connection.all<{ wr: number }>(
    `SELECT wr FROM pragma_table_list(${quoteText(name)}) WHERE schema = 'main'`,
  );
  if (kind?.wr !== 1) return undefined;
  const key = await connection.all<{ index: string; name: string; desc: number; coll: string; type: string }>(
    `SELECT list.name AS "index", part.name, part."desc", part.coll, upper(col.type) AS type
     FROM pragma_index_list(${quoteText(name)}, 'main') AS list, pragma_index_xinfo(list.name, 'main') AS part,
       pragma_table_xinfo(${quoteText(name)}, 'main') AS col
     WHERE list.origin = 'pk' AND part.key = 1 AND col.name = part.name ORDER BY part.seqno`,
  );
  const by = (falling: 0 | 1) =>
    key
      .map(
        (part) => `old.${quoteName(part.name)} COLLATE ${part.coll}${part.desc === falling ? ' DESC' : ''}`,
      )
      .join(', ');
  const [first] = key;
  const isText = key.length === 1 && first?.type === 'TEXT' && first.coll === 'BINARY' && first.desc === 0;
  return {
    index: first?.index ?? '',
    keys: isText ? textSpace(quoteName(first.name)) : undefined,
    order: { ascending: by(1), descending: by(0) },
  };
}
