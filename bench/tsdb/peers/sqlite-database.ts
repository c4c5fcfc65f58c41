import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Scenario } from '../scenario.js';

type Done<Result> = (error: Error | null, result: Result) => void;

/** The part of the driver that is used here; the package belongs to storage-sql. */
interface Driver {
  exec(sql: string, done: Done<void>): void;
  all(sql: string, bindings: readonly unknown[], done: Done<unknown[]>): void;
  prepare(sql: string): DriverStatement;
  close(done: Done<void>): void;
}

interface DriverStatement {
  run(bindings: ArrayLike<unknown>, done: Done<void>): void;
  finalize(done: () => void): void;
}

/** Series by number, and a row for each sample. */
const SCHEMA = `
pragma journal_mode = wal; pragma synchronous = normal; pragma cache_size = -16000;
create table if not exists series (id integer primary key, name text, instance text, labels text);
create table if not exists samples (series_id integer, ts integer, value real);
create index if not exists samples_by_series on samples (series_id, ts);`;

/** How one would keep samples in SQLite without more thought: as plain rows. */
export class RowDatabase {
  private readonly statements = new Map<number, DriverStatement>();

  private constructor(private readonly driver: Driver) {}

  static async open(file: string): Promise<RowDatabase> {
    const path = createRequire(import.meta.resolve('@labkeeper/storage-sql')).resolve('@appthreat/sqlite3');
    const { Database } = (await import(pathToFileURL(path).href)) as {
      Database: new (file: string) => Driver;
    };
    const database = new RowDatabase(new Database(file));
    await database.exec(SCHEMA);
    return database;
  }

  /** Series number `index + 1` is the one at that index. */
  async addSeries({ series }: Scenario): Promise<void> {
    const rows = series.map(({ name, labels }, index) => [index + 1, name, labels.instance, labels]);
    await this.all(
      'insert into series select e.value->>0, e.value->>1, e.value->>2, e.value->>3 from json_each(?) e',
      [JSON.stringify(rows)],
    );
  }

  /** Adds one sample for each of the series from `first` on, with one statement. */
  async append(first: number, timeMs: number, values: Float64Array): Promise<void> {
    const bindings = new Array<number>(values.length * 3);
    values.forEach((value, index) => {
      bindings[index * 3] = first + index + 1;
      bindings[index * 3 + 1] = timeMs;
      bindings[index * 3 + 2] = value;
    });
    await called<void>((done) => this.insertOf(values.length).run(bindings, done));
  }

  exec(sql: string): Promise<void> {
    return called<void>((done) => this.driver.exec(sql, done));
  }

  all(sql: string, bindings: readonly unknown[]): Promise<unknown[]> {
    return called<unknown[]>((done) => this.driver.all(sql, bindings, done));
  }

  async close(): Promise<void> {
    for (const statement of this.statements.values())
      await called<void>((done) => statement.finalize(() => done(null)));
    await called<void>((done) => this.driver.close(done));
  }

  private insertOf(rows: number): DriverStatement {
    const known = this.statements.get(rows);
    if (known) return known;
    const tuples = new Array<string>(rows).fill('(?, ?, ?)').join(', ');
    const statement = this.driver.prepare(`insert into samples values ${tuples}`);
    this.statements.set(rows, statement);
    return statement;
  }
}

function called<Result>(
  start: (done: (error: Error | null, result?: Result) => void) => void,
): Promise<Result> {
  return new Promise((resolve, reject) =>
    start((error, result) => (error ? reject(error) : resolve(result as Result))),
  );
}
