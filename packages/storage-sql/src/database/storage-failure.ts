import { type ErrorCode, LabkeeperError } from '@labkeeper/core';
import { DriverFailure } from './driver-failure.js';

/** What a code of the driver means to the reader. The first that fits counts. */
const MEANINGS: readonly { readonly code: RegExp; readonly says: string; readonly as?: ErrorCode }[] = [
  // SQLite, https://www.sqlite.org/rescode.html
  { code: /^SQLITE_FULL/, says: 'the disk is full' },
  { code: /^SQLITE_READONLY/, says: 'the database is read-only' },
  { code: /^SQLITE_IOERR/, says: 'the disk reports an error' },
  { code: /^SQLITE_CANTOPEN/, says: 'the database file cannot be opened' },
  { code: /^SQLITE_(PERM|AUTH)/, says: 'access to the database file is denied' },
  { code: /^SQLITE_(BUSY|LOCKED)/, says: 'another program holds the database' },
  { code: /^SQLITE_(CORRUPT|NOTADB)/, says: 'the database is damaged', as: 'STORAGE_CORRUPT' },
  // PostgreSQL, https://www.postgresql.org/docs/current/errcodes-appendix.html
  { code: /^53100$/, says: 'the disk of PostgreSQL is full' },
  { code: /^53/, says: 'PostgreSQL is out of resources' },
  { code: /^57P/, says: 'PostgreSQL is stopping or starting' },
  { code: /^25006$/, says: 'PostgreSQL is read-only' },
  { code: /^28/, says: 'PostgreSQL refuses the user or the password' },
  { code: /^3D000$/, says: 'the database does not exist' },
  { code: /^42501$/, says: 'the user may not do this in PostgreSQL' },
  { code: /^XX00[12]$/, says: 'the database is damaged', as: 'STORAGE_CORRUPT' },
  {
    code: /^(08|ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOENT)/,
    says: 'PostgreSQL cannot be reached',
  },
];

/**
 * What the caller of the storage gets for an error: failures of the database as STORAGE_UNAVAILABLE or STORAGE_CORRUPT,
 * with the driver's words as the cause and `where` in the message; anything else as it is, because it came from the caller's own work.
 */
export function storageFailure(error: unknown, where?: string): unknown {
  if (isPoolTimeout(error)) {
    return new LabkeeperError('STORAGE_UNAVAILABLE', 'the database does not answer', { cause: error });
  }
  if (!(error instanceof DriverFailure)) return error;
  const { cause } = error;
  if (cause instanceof LabkeeperError) return cause;
  const meaning = MEANINGS.find(({ code }) => code.test(codeOf(cause)));
  const says = meaning?.says ?? 'the database refuses or cannot be reached';
  return new LabkeeperError(
    meaning?.as ?? 'STORAGE_UNAVAILABLE',
    where === undefined ? says : `${says}: ${where}`,
    {
      cause,
    },
  );
}

function codeOf(cause: unknown): string {
  const code = cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : '';
}

/** knex gives no connection in time: all are busy, or none can be made. */
function isPoolTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'KnexTimeoutError';
}
