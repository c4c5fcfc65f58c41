import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { withDevice } from '../device.js';
import { atTruePace } from '../pace.js';
import { cpuSecondsOf } from '../process-cost.js';
import { dayOfHosts, manySeries, rounds, type Scenario } from '../scenario.js';
import { diskBytes } from './disk-usage.js';
import type { Measured } from './peer.js';
import { RowDatabase } from './sqlite-database.js';
import { lastValuesLatency, sqliteLatencies } from './sqlite-queries.js';

const FILE = 'rows.db';
/** How many rounds of all hosts go into a transaction in bulk. */
const ROUNDS_PER_TRANSACTION = 10;
/** Rows have no memory of series, so scenario b needs no long history to say how long its last values take. */
const STEPS_OF_MANY = 100;

/** The true pace for so long: each heartbeat is a transaction. */
export function pacedSqlite(seconds: number): Promise<Measured> {
  return withDevice(async (dir, countBytes, how) => {
    const day = dayOfHosts(false);
    const database = await opened(dir, day);
    const beforeBytes = await countBytes();
    const samples = await atTruePace(day, seconds, ({ host, timeMs, values }) => {
      const from = host * day.seriesPerHost;
      return database.append(from, timeMs, values.subarray(from, from + day.seriesPerHost));
    });
    const bytes = (await countBytes()) - beforeBytes;
    await database.close();
    return {
      figures: { device_bytes_per_sample: bytes / samples },
      notes: [`Device bytes: ${how}; ${seconds} s at 150 samples a second, synchronous = normal.`],
    };
  });
}

/** The day of 25 hosts, and the queries about it. The CPU is this process's, generator and driver included. */
export function daySqlite(quick: boolean): Promise<Measured> {
  return withDevice(async (dir, countBytes) => {
    const day = dayOfHosts(quick);
    const samples = day.series.length * day.steps;
    const database = await opened(dir, day);
    const [beforeBytes, beforeS] = [await countBytes(), cpuSecondsOf(process.pid)];
    await appendAll(database, day);
    const bulk_samples_per_cpu_s = samples / (cpuSecondsOf(process.pid) - beforeS);
    await database.exec('pragma wal_checkpoint(truncate)');
    const bytes = (await countBytes()) - beforeBytes;
    const figures = {
      bulk_samples_per_cpu_s,
      bytes_per_sample_rest: (await diskBytes(join(dir, FILE))) / samples,
      device_bulk_bytes_per_sample: bytes / samples,
      ...(await sqliteLatencies(database, day, quick)),
    };
    await database.close();
    return {
      figures,
      notes: ['SQLite runs in this process: no HTTP in its figures, and no memory of its own to show.'],
    };
  });
}

/** Last values of 10,000 series, and opening what a killed process would leave behind. */
export function manySeriesSqlite(quick: boolean): Promise<Measured> {
  return withDevice(async (dir) => {
    const many = manySeries(quick);
    const fewer = { ...many, steps: Math.min(many.steps, STEPS_OF_MANY) };
    const database = await opened(dir, fewer);
    await appendAll(database, fewer);
    const latencies = await lastValuesLatency(database, quick);
    const recovery_s = await recoveryS(dir);
    await database.close();
    return {
      figures: { ...latencies, recovery_s },
      notes: [`SQLite has ${fewer.steps} samples of each of the 10,000 series.`],
    };
  });
}

async function opened(dir: string, scenario: Scenario): Promise<RowDatabase> {
  const database = await RowDatabase.open(join(dir, FILE));
  await database.addSeries(scenario);
  return database;
}

async function appendAll(database: RowDatabase, scenario: Scenario): Promise<void> {
  let step = 0;
  await database.exec('begin');
  for (const { timeMs, values } of rounds(scenario)) {
    await appendRound(database, timeMs, values);
    if (++step % ROUNDS_PER_TRANSACTION === 0) await database.exec('commit; begin');
  }
  await database.exec('commit');
}

/** A statement takes at most 32,766 bindings, three for each row. */
const ROWS_PER_STATEMENT = 1_500;

async function appendRound(database: RowDatabase, timeMs: number, values: Float64Array): Promise<void> {
  for (let from = 0; from < values.length; from += ROWS_PER_STATEMENT)
    await database.append(from, timeMs, values.subarray(from, from + ROWS_PER_STATEMENT));
}

/** Opens a copy of the files as they are now, which is what a kill would leave. */
async function recoveryS(dir: string): Promise<number> {
  const copy = join(dir, 'killed');
  mkdirSync(copy);
  for (const file of [FILE, `${FILE}-wal`].filter((name) => existsSync(join(dir, name))))
    cpSync(join(dir, file), join(copy, file));
  const beginMs = performance.now();
  const database = await RowDatabase.open(join(copy, FILE));
  await database.all('select value from samples where series_id = 1 order by ts desc limit 1', []);
  const seconds = (performance.now() - beginMs) / 1_000;
  await database.close();
  return seconds;
}
