import { describeError, LabkeeperError } from '@labkeeper/core';

/** The part of the `sqlite3` API that is used. Both packages have it. */
export interface SqliteDriver {
  readonly OPEN_READONLY: number;
  readonly OPEN_READWRITE: number;
  readonly OPEN_CREATE: number;
  readonly Database: new (file: string, mode: number, opened: (error: Error | null) => void) => SqliteHandle;
}

/** One open database file. Every call runs in a thread of its own, off the event loop. */
export interface SqliteHandle {
  exec(sql: string, done: (error: Error | null) => void): void;
  all(sql: string, bindings: readonly unknown[], done: (error: Error | null, rows: unknown[]) => void): void;
  close(done: (error: Error | null) => void): void;
  interrupt(): void;
}

/**
 * Packages with this API, the preferred first: `@appthreat/sqlite3` brings binaries and installs in seconds, `sqlite3`
 * compiles for a minute but runs where there is no binary (32-bit ARM).
 */
const PACKAGES = ['@appthreat/sqlite3', 'sqlite3'] as const;

/** The only place that knows which package drives SQLite. Throws STORAGE_UNAVAILABLE when none can be loaded. */
export async function loadSqliteDriver(packages: readonly string[] = PACKAGES): Promise<SqliteDriver> {
  const reasons: string[] = [];
  for (const name of packages) {
    try {
      const loaded = (await import(name)) as { default: SqliteDriver };
      return loaded.default;
    } catch (error) {
      reasons.push(`${name}: ${describeError(error)}`);
    }
  }
  throw new LabkeeperError('STORAGE_UNAVAILABLE', `no SQLite driver can be loaded (${reasons.join('; ')})`, {
    allowed: 'npm install sqlite3',
  });
}
