import { callDriver } from '../database/driver-failure.js';
import type { SqliteDriver, SqliteHandle } from './sqlite-driver.js';

/** A connection without knex, for what happens before and beside the store: the lock and the integrity check. */
export class SqliteConnection {
  private constructor(private readonly handle: SqliteHandle) {}

  static async open(driver: SqliteDriver, file: string, mode: 'read' | 'write'): Promise<SqliteConnection> {
    return new SqliteConnection(await openSqliteHandle(driver, file, mode));
  }

  exec(sql: string): Promise<void> {
    return callDriver(() => execOn(this.handle, sql));
  }

  all<Row>(sql: string): Promise<readonly Row[]> {
    return callDriver(
      () =>
        new Promise<readonly Row[]>((resolve, reject) => {
          this.handle.all(sql, [], (error, rows) => (error ? reject(error) : resolve(rows as Row[])));
        }),
    );
  }

  /** What runs now fails with SQLITE_INTERRUPT. */
  interrupt(): void {
    this.handle.interrupt();
  }

  close(): Promise<void> {
    return callDriver(
      () =>
        new Promise<void>((resolve, reject) =>
          this.handle.close((error) => (error ? reject(error) : resolve())),
        ),
    );
  }
}

/** Opens a file. `read` never writes to it, not even to bring it into order; `write` creates it. */
export function openSqliteHandle(
  driver: SqliteDriver,
  file: string,
  mode: 'read' | 'write',
): Promise<SqliteHandle> {
  const flags = mode === 'read' ? driver.OPEN_READONLY : driver.OPEN_READWRITE | driver.OPEN_CREATE;
  return callDriver(
    () =>
      new Promise<SqliteHandle>((resolve, reject) => {
        const handle = new driver.Database(file, flags, (error) => (error ? reject(error) : resolve(handle)));
      }),
  );
}

export function execOn(handle: SqliteHandle, sql: string): Promise<void> {
  return new Promise((resolve, reject) => handle.exec(sql, (error) => (error ? reject(error) : resolve())));
}
