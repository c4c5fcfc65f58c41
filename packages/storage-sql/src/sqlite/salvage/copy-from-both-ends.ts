import type { SqliteConnection } from '../sqlite-connection.js';
import type { Copied } from './copy-by-key.js';
import type { DamagedTable } from './damaged-schema.js';
import { quoteName, unlessDamaged } from './salvage-connection.js';

const MOST_ROWS = 65_536;

/** Copies the rows of a table whose keys cannot be guessed: from both ends up to the damage. Labkeeper has no such table. */
export async function copyFromBothEnds(connection: SqliteConnection, table: DamagedTable): Promise<Copied> {
  const up = await copyFrom(connection, table, table.order.ascending);
  // Rows that the first direction brought already are passed over.
  const down = up.isWhole ? undefined : await copyFrom(connection, table, table.order.descending);
  return { rowsRead: up.rowsRead + (down?.rowsRead ?? 0), unreadable: 0, isWhole: up.isWhole };
}

/** Each statement walks along the tree from its end; that they grow keeps the walks few. */
async function copyFrom(
  connection: SqliteConnection,
  { name, source, columns }: DamagedTable,
  order: string,
): Promise<Pick<Copied, 'rowsRead' | 'isWhole'>> {
  let rowsRead = 0;
  for (let [rows, offset] = [64, 0]; rows >= 1; ) {
    const found = `FROM ${source} ORDER BY ${order} LIMIT ${rows} OFFSET ${offset}`;
    const copied = await unlessDamaged(async () => {
      await connection.exec(
        `INSERT OR IGNORE INTO main.${quoteName(name)} (${columns}) SELECT ${columns} ${found}`,
      );
      const [row] = await connection.all<{ seen: number; copied: number }>(
        `SELECT changes() AS copied, (SELECT count(*) FROM (SELECT 1 ${found})) AS seen`,
      );
      return row;
    });
    if (copied?.seen === 0) return { rowsRead, isWhole: true };
    rowsRead += copied?.copied ?? 0;
    offset += copied?.seen ?? 0;
    rows = copied ? Math.min(rows * 2, MOST_ROWS) : Math.floor(rows / 2);
  }
  return { rowsRead, isWhole: false };
}
