import { p50AndP99 } from '../percentile.js';
import { hostOf, LAST_VALUES, RANGE_QUERIES, type RangeQueryKey, rangeQuery } from '../queries.js';
import type { Scenario } from '../scenario.js';
import { LOAD, TEMPERATURE } from '../series-shapes.js';
import type { RowDatabase } from './sqlite-database.js';

/** The last value of each step. The driver binds long numbers as doubles, hence the cast; SQLite takes `value` from the row with the greatest time. */
const LAST_OF_EACH_STEP = `select series_id, instance, cast((ts - ?2) / ?4 as integer) as step, max(ts), value
  from series join samples on samples.series_id = series.id
  where name = ?1 and ts between ?2 and ?3`;

/** As near to the PromQL as rows come. */
const SQL: Readonly<Record<RangeQueryKey, string>> = {
  q1: `${LAST_OF_EACH_STEP} and instance = ?5 group by series_id, step`,
  q2: `${LAST_OF_EACH_STEP} group by series_id, step`,
  q3: `select instance, step, avg(value) from (${LAST_OF_EACH_STEP} group by series_id, step) group by instance, step`,
};

const LAST_OF_EACH_SERIES = `select id, name, labels,
  (select value from samples where series_id = series.id order by ts desc limit 1) as value from series`;

const WARM_UPS = 3;
/** A join over all rows takes seconds; twenty of them say enough. */
const MOST_TIMES = 20;

export async function sqliteLatencies(
  database: RowDatabase,
  scenario: Scenario,
  quick: boolean,
): Promise<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const key of Object.keys(RANGE_QUERIES) as RangeQueryKey[]) {
    const times = quick ? 5 : Math.min(MOST_TIMES, RANGE_QUERIES[key].times);
    const ask = (turn: number) => database.all(SQL[key], bindingsOf(key, scenario, turn));
    Object.assign(figures, await latencies(key, times, ask));
  }
  return figures;
}

export function lastValuesLatency(database: RowDatabase, quick: boolean): Promise<Record<string, number>> {
  const times = quick ? 5 : Math.min(MOST_TIMES, LAST_VALUES.times);
  return latencies('q4', times, () => database.all(LAST_OF_EACH_SERIES, []));
}

function bindingsOf(key: RangeQueryKey, scenario: Scenario, turn: number): unknown[] {
  const { startMs, endMs, stepMs } = rangeQuery(key, scenario, turn);
  const common = [key === 'q1' ? LOAD : TEMPERATURE, startMs, endMs, stepMs];
  return key === 'q1' ? [...common, hostOf(scenario, turn)] : common;
}

/** Milliseconds until all rows are objects here. Throws for no rows: they would come quickly. */
async function latencies(
  key: string,
  times: number,
  ask: (turn: number) => Promise<unknown[]>,
): Promise<Record<string, number>> {
  const taken: number[] = [];
  for (let turn = 0; turn < times + WARM_UPS; turn++) {
    const beginMs = performance.now();
    const rows = await ask(turn);
    taken.push(performance.now() - beginMs);
    if (rows.length === 0) throw new Error(`SQLite found nothing for ${key}`);
  }
  const { p50, p99 } = p50AndP99(taken.slice(WARM_UPS));
  return { [`${key}_p50_ms`]: p50, [`${key}_p99_ms`]: p99 };
}
