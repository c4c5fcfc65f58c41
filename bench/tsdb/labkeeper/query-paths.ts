import { hostOf, type RangeQueryKey, rangeQuery } from '../queries.js';
import type { Scenario } from '../scenario.js';
import { LOAD, TEMPERATURE } from '../series-shapes.js';

const KINDS: Readonly<Record<RangeQueryKey, 'steps' | 'averages'>> = {
  q1: 'steps',
  q2: 'steps',
  q3: 'averages',
};

/** The question that `rangeQuery` asks in PromQL. */
export function queryPath(key: RangeQueryKey, scenario: Scenario, turn: number): string {
  const { startMs, endMs, stepMs } = rangeQuery(key, scenario, turn);
  const which = key === 'q1' ? `name=${LOAD}&instance=${hostOf(scenario, turn)}` : `name=${TEMPERATURE}`;
  return `/query?kind=${KINDS[key]}&${which}&start=${startMs}&end=${endMs}&step=${stepMs}`;
}

/** The last value of every series. */
export function lastValuesPath({ endMs }: Scenario): string {
  return `/query?kind=latest&start=${endMs}&end=${endMs}&step=1`;
}
