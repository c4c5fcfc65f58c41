import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { processUsage } from '../checks/process-usage.js';
import { createFleet, FLUSH_MS, START_MS } from './fleet.js';

/** The part of the driver that is used here; the package belongs to storage-sql. */
interface Database {
  exec(sql: string, done: (error: Error | null) => void): void;
  prepare(sql: string): {
    run(bindings: readonly unknown[], done: (error: Error | null) => void): void;
    finalize(done: () => void): void;
  };
  close(done: (error: Error | null) => void): void;
}

/** A way to keep samples as plain rows. The decision about ours rests on these, see docs/decisions/0012. */
export interface RowLayout {
  readonly key: string;
  readonly name: string;
  readonly schema: string;
}

export const ROW_LAYOUTS: readonly RowLayout[] = [
  {
    key: 'rows_indexed',
    name: 'row per sample, index (series, time)',
    schema:
      'create table s (series integer, time integer, value real); create unique index i on s (series, time)',
  },
  {
    key: 'rows_clustered',
    name: 'row per sample, clustered by (series, time)',
    schema:
      'create table s (series integer, time integer, value real, primary key (series, time)) without rowid',
  },
  {
    key: 'rows_plain',
    name: 'row per sample, no index (cannot be searched)',
    schema: 'create table s (series integer, time integer, value real)',
  },
];

export interface WritingCost {
  readonly cpuMicrosPerSample: number;
  readonly bytesPerSample: number;
  readonly samples: number;
}

/** Writes a span of a fleet's life with one prepared statement of many rows for each flush. */
export async function measureLayout(
  { schema }: RowLayout,
  checks: number,
  spanMs: number,
): Promise<WritingCost> {
  const folder = mkdtempSync(join(tmpdir(), 'labkeeper-bench-'));
  const fleet = createFleet(checks);
  const ids = new Map(fleet.series.map((series, index) => [series, index]));
  const db = await openDatabase(join(folder, 'rows.db'), schema);
  const tuples = Array<string>(fleet.samplesPerFlush).fill('(?, ?, ?)').join(', ');
  const statement = db.prepare(`insert into s values ${tuples}`);
  const before = processUsage(process.pid);
  let samples = 0;
  for (let atMs = START_MS; atMs < START_MS + spanMs; atMs += FLUSH_MS) {
    const { series, timesMs, values } = fleet.flush(atMs);
    const bindings = series.flatMap((one, row) => [ids.get(one), timesMs[row], values[row]]);
    await called((done) => statement.run(bindings, done));
    samples += series.length;
  }
  await called((done) => statement.finalize(() => done(null)));
  await called((done) => db.close(done));
  const after = processUsage(process.pid);
  rmSync(folder, { recursive: true });
  return {
    cpuMicrosPerSample: ((after.cpuMs - before.cpuMs) * 1_000) / samples,
    bytesPerSample: (after.writtenBytes - before.writtenBytes) / samples,
    samples,
  };
}

async function openDatabase(file: string, schema: string): Promise<Database> {
  const path = createRequire(import.meta.resolve('@labkeeper/storage-sql')).resolve('@appthreat/sqlite3');
  const driver = (await import(pathToFileURL(path).href)) as { Database: new (file: string) => Database };
  const db = new driver.Database(file);
  const pragmas = 'pragma journal_mode = wal; pragma synchronous = normal; pragma cache_size = -16000;';
  await called((done) => db.exec(`${pragmas} ${schema}`, done));
  return db;
}

function called(start: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())));
}
