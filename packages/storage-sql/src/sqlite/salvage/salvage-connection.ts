import { pathToFileURL } from 'node:url';
import { describeError, LabkeeperError } from '@labkeeper/core';
import { DriverFailure } from '../../database/driver-failure.js';
import { SqliteConnection } from '../sqlite-connection.js';
import type { SqliteDriver } from '../sqlite-driver.js';

/** https://www.sqlite.org/c3ref/c_open_autoproxy.html; the smaller interface of our driver does not name it. */
const SQLITE_OPEN_URI = 0x40;

/** Codes that a damaged page, a broken disk block, or a garbled row that no longer fits its table lead to. */
const SIGNS_OF_DAMAGE = /^SQLITE_(CORRUPT|NOTADB|IOERR|CONSTRAINT|MISMATCH|TOOBIG|NOMEM|ERROR)/;

/** The name under which statements find the damaged file; the new file is `main`. */
export const DAMAGED = 'damaged';

/**
 * - `writable_schema` is what makes SQLite go on with a file that is shorter than its header says.
 * - `cell_size_check` refuses a page whose cells do not fit in it, rather than show rows made of rubbish.
 * - A new file that is not complete is thrown away, so syncing it meanwhile would be for nothing.
 */
const PRAGMAS = `
  PRAGMA writable_schema = ON;
  PRAGMA cell_size_check = ON;
  PRAGMA synchronous = OFF;
  PRAGMA journal_mode = MEMORY;
  PRAGMA temp_store = MEMORY;
`;

/** Opens the new file for writing, and beside it the damaged one, which SQLite itself is told never to write to. */
export async function openBoth(
  driver: SqliteDriver,
  newFile: string,
  { file, withLog }: { file: string; withLog: boolean },
): Promise<SqliteConnection> {
  const connection = await SqliteConnection.open(understandingUris(driver), newFile, 'write');
  try {
    // `immutable` also means: look at no write-ahead log and no journal.
    const uri = `${pathToFileURL(file).href}?mode=ro${withLog ? '' : '&immutable=1'}`;
    // Before the other file is there: they would be meant for both.
    await connection.exec(PRAGMAS);
    await connection.exec(`ATTACH ${quoteText(uri)} AS ${DAMAGED}`);
    return connection;
  } catch (error) {
    await connection.close();
    throw isDamage(error) ? unreadableSchema(file, describeError(error)) : error;
  }
}

/** What is thrown when nothing can be salvaged. */
export function unreadableSchema(file: string, found: string): LabkeeperError {
  return new LabkeeperError(
    'STORAGE_CORRUPT',
    `nothing can be salvaged from ${file}: its schema cannot be read`,
    {
      found,
    },
  );
}

function understandingUris({
  OPEN_READONLY,
  OPEN_READWRITE,
  OPEN_CREATE,
  Database,
}: SqliteDriver): SqliteDriver {
  return { OPEN_READONLY, OPEN_READWRITE: OPEN_READWRITE | SQLITE_OPEN_URI, OPEN_CREATE, Database };
}

/** What `read` gives, or undefined where the file is damaged. A full disk and the like are thrown. */
export async function unlessDamaged<Result>(read: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
}

/** Says of an error of the driver whether damage can be the reason. */
export function isDamage(error: unknown): boolean {
  const cause =
    error instanceof DriverFailure ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
  return SIGNS_OF_DAMAGE.test(cause?.code ?? '');
}

/** A name as it stands in a statement. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as it stands in a statement. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
