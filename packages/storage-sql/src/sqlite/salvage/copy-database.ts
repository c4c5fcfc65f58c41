import { LabkeeperError, type Logger } from '@labkeeper/core';
import type { SqliteConnection } from '../sqlite-connection.js';
import { type Copied, copyByKey } from './copy-by-key.js';
import { copyFromBothEnds } from './copy-from-both-ends.js';
import { createTables, type DamagedTable, describeTable, readSchema } from './damaged-schema.js';
import { DAMAGED, isDamage, quoteName, quoteText, unlessDamaged } from './salvage-connection.js';

/** What became of one table. */
export interface SalvagedTable {
  readonly name: string;
  readonly rowsRead: number;
  /** `unknown` where pages are lost and no index tells how many rows there were. */
  readonly rowsLost: number | 'unknown';
}

/** Copies everything that can be read from the damaged file into the new one. Throws STORAGE_CORRUPT when there is no schema. */
export async function copyDatabase(
  connection: SqliteConnection,
  file: string,
  log: Logger,
): Promise<readonly SalvagedTable[]> {
  const entries = await readSchema(connection, file);
  // Before the first table is made: later they could not be changed.
  for (const pragma of ['page_size', 'auto_vacuum']) await carryOver(connection, pragma);
  await createTables(connection, entries, file);
  const tables: SalvagedTable[] = [];
  for (const { name } of entries.filter(({ type }) => type === 'table')) {
    tables.push(await copyTable(connection, await describeTable(connection, name, file)));
  }
  await copySequences(connection);
  for (const { type, name, sql } of entries) {
    if (type !== 'view' && type !== 'trigger') continue;
    const made = await unlessDamaged(() => connection.exec(sql).then(() => true));
    if (!made) log.warn('a part of the schema could not be salvaged', { type, name });
  }
  for (const pragma of ['user_version', 'application_id']) await carryOver(connection, pragma);
  await assertSound(connection, file);
  return tables;
}

async function copyTable(connection: SqliteConnection, table: DamagedTable): Promise<SalvagedTable> {
  const copied = await (table.keys
    ? copyByKey(connection, table, table.keys)
    : copyFromBothEnds(connection, table));
  return {
    name: table.name,
    rowsRead: copied.rowsRead,
    rowsLost: await countLost(connection, table, copied),
  };
}

/** An index holds every row too, so it knows how many there were, also of those that went without a trace. */
async function countLost(
  connection: SqliteConnection,
  { name }: DamagedTable,
  { rowsRead, unreadable, isWhole }: Copied,
): Promise<number | 'unknown'> {
  const indexes = await connection.all<{ name: string }>(
    `SELECT name FROM pragma_index_list(${quoteText(name)}, 'main') WHERE partial = 0 AND origin <> 'pk'
     UNION ALL SELECT name FROM pragma_index_list(${quoteText(name)}, 'main')
     WHERE origin = 'pk' AND (SELECT wr FROM pragma_table_list(${quoteText(name)}) WHERE schema = 'main') = 0`,
  );
  for (const index of indexes) {
    const counted = await unlessDamaged(() =>
      connection.all<{ rows: number }>(
        `SELECT count(*) AS rows FROM ${DAMAGED}.${quoteName(name)} INDEXED BY ${quoteName(index.name)}`,
      ),
    );
    if (counted?.[0]) return Math.max(unreadable, counted[0].rows - rowsRead);
  }
  return isWhole ? unreadable : 'unknown';
}

/** What AUTOINCREMENT has given out. Without it, the largest number that was salvaged counts. */
async function copySequences(connection: SqliteConnection): Promise<void> {
  await connection
    .exec(
      `UPDATE main.sqlite_sequence SET seq = max(seq, coalesce(
         (SELECT old.seq FROM ${DAMAGED}.sqlite_sequence AS old WHERE old.name = sqlite_sequence.name), seq))`,
    )
    .catch((error: unknown) => {
      // There is no such table where nothing uses AUTOINCREMENT.
      if (!isDamage(error)) throw error;
    });
}

async function carryOver(connection: SqliteConnection, pragma: string): Promise<void> {
  const [row] = await connection.all<Record<string, number>>(`PRAGMA ${DAMAGED}.${pragma}`);
  if (row?.[pragma] !== undefined) await connection.exec(`PRAGMA main.${pragma} = ${row[pragma]}`);
}

async function assertSound(connection: SqliteConnection, file: string): Promise<void> {
  const [row] = await connection.all<{ integrity_check: string }>('PRAGMA main.integrity_check(1)');
  if (row?.integrity_check === 'ok') return;
  throw new LabkeeperError('STORAGE_CORRUPT', `what was salvaged from ${file} failed the integrity check`, {
    found: row?.integrity_check ?? 'nothing',
  });
}
