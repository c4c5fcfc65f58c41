import type { SqliteConnection } from '../sqlite-connection.js';
import type { DamagedTable } from './damaged-schema.js';
import type { Key, KeySpace } from './key-space.js';
import { quoteName, unlessDamaged } from './salvage-connection.js';

/** Keys that are still to be read. Bounds are exclusive; an absent one is the end of the table. */
export interface Gap {
  readonly after: Key | undefined;
  readonly before: Key | undefined;
  /** The first key to be looked at, when that is not the one behind `after`. */
  readonly from?: Key;
}

/** How a batch is looked for. */
export interface Way {
  readonly direction: 'ascending' | 'descending';
  /**
   * `sought` goes down the tree. `walked` goes along the rows from the end of the table, which takes longer but compares
   * no keys: in a tree WITHOUT ROWID comparing with a row whose overflow pages are damaged fails.
   */
  readonly how: 'sought' | 'walked';
}

/** What became of a batch. */
export type Batch =
  /** There are no more rows in the gap. */
  | { readonly outcome: 'end' }
  /** Nothing was copied. */
  | { readonly outcome: 'damaged' }
  /** All rows up to `last` are done with: `copied` of them are in the new file. */
  | { readonly outcome: 'read'; readonly last: Key; readonly copied: number; readonly unreadable: number };

const DAMAGED_BATCH: Batch = { outcome: 'damaged' };

/** Copies the next rows of a gap, all or none of them. A single row that is there but cannot be read is passed over. */
export async function readBatch(
  connection: SqliteConnection,
  { table, keys }: { table: DamagedTable; keys: KeySpace },
  { gap, way, rows }: { gap: Gap; way: Way; rows: number },
): Promise<Batch> {
  const select = (what: string, limit: number, upTo?: Key) =>
    `SELECT ${what} FROM ${table.source} WHERE ${condition(keys, gap, way, upTo)}
     ORDER BY ${table.order[way.direction]} LIMIT ${limit}`;
  const survey = (limit: number) =>
    unlessDamaged(() => connection.all<{ key: Key | null }>(select(`${keys.shown} AS key`, limit)));
  // One row more than is copied: it must come behind the others. At the edge of the damage there is none.
  const single = rows === 1 ? await survey(1) : undefined;
  const found = rows > 1 || single?.length ? ((await survey(rows + 1)) ?? single) : single;
  if (found?.length === 0) return { outcome: 'end' };
  if (
    found === undefined ||
    !isInOrder(
      keys,
      gap,
      way,
      found.map(({ key }) => key),
    )
  )
    return DAMAGED_BATCH;
  const count = Math.min(rows, found.length);
  const last = found[count - 1]?.key ?? '';
  const copied = await unlessDamaged(() => insert(connection, table, select(table.columns, count, last)));
  if (copied === undefined && rows > 1) return DAMAGED_BATCH;
  return { outcome: 'read', last, copied: copied ?? 0, unreadable: copied === undefined ? 1 : 0 };
}

async function insert(
  connection: SqliteConnection,
  { name, columns }: DamagedTable,
  rows: string,
): Promise<number> {
  await connection.exec(`INSERT INTO main.${quoteName(name)} (${columns}) ${rows}`);
  const [row] = await connection.all<{ copied: number }>('SELECT changes() AS copied');
  return row?.copied ?? 0;
}

function condition(
  keys: KeySpace,
  { after, before, from }: Gap,
  { direction, how }: Way,
  upTo?: Key,
): string {
  const column = how === 'sought' ? keys.column : `+${keys.column}`;
  const terms = [
    from !== undefined && `${column} >= ${keys.literal(from)}`,
    from === undefined && after !== undefined && `${column} > ${keys.literal(after)}`,
    before !== undefined && `${column} < ${keys.literal(before)}`,
    upTo !== undefined && `${column} ${direction === 'ascending' ? '<=' : '>='} ${keys.literal(upTo)}`,
  ];
  return terms.filter((term) => term !== false).join(' AND ') || 'true';
}

/** A page that does not belong here, or a garbled key, shows in keys that are out of order. SQLite itself does not look. */
function isInOrder(
  keys: KeySpace,
  { after, before, from }: Gap,
  { direction }: Way,
  found: readonly (Key | null)[],
): boolean {
  const ordered =
    direction === 'ascending'
      ? [from === undefined ? after : undefined, ...found, before]
      : [before, ...found, after];
  const known = ordered.filter((key) => key !== undefined);
  return known.every((key, at) => {
    const previous = known[at - 1];
    if (key === null || previous === null) return false;
    if (previous === undefined) return true;
    return direction === 'ascending' ? keys.isBefore(previous, key) : keys.isBefore(key, previous);
  });
}
