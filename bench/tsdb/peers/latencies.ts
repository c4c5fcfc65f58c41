import { p50AndP99 } from '../percentile.js';
import { LAST_VALUES, RANGE_QUERIES, type RangeQueryKey, rangeQuery } from '../queries.js';
import type { Scenario } from '../scenario.js';
import type { HttpClient } from './http-client.js';
import type { Server, ServerKind } from './server.js';

/** Asked before the clock runs: opening of connections, first reading of files. */
const WARM_UPS = 3;

/** Milliseconds from sending a question to the last byte of its answer, for the three range queries. */
export async function queryLatencies(
  server: Server,
  scenario: Scenario,
  quick: boolean,
): Promise<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const key of Object.keys(RANGE_QUERIES) as RangeQueryKey[]) {
    const times = quick ? 5 : RANGE_QUERIES[key].times;
    const pathOf = (turn: number) => rangePath(server.kind, scenario, key, turn);
    Object.assign(figures, await latencyFigures(server, key, times, pathOf));
  }
  return figures;
}

/** The same for any question. */
export function latencyFigures(
  { http, kind }: Server,
  key: string,
  times: number,
  pathOf: (turn: number) => string,
): Promise<Record<string, number>> {
  return askedFigures(http, key, times, (turn) => kind.apiPath + pathOf(turn));
}

/** Asks so many times, one after the other. Throws for an answer without series: it would be a quick one. */
export async function askedFigures(
  http: HttpClient,
  key: string,
  times: number,
  pathOf: (turn: number) => string,
): Promise<Record<string, number>> {
  const taken: number[] = [];
  for (let turn = 0; turn < times + WARM_UPS; turn++) {
    const path = pathOf(turn);
    const beginMs = performance.now();
    const answer = await http.get(path);
    taken.push(performance.now() - beginMs);
    if (!answer.includes('"metric":{"')) throw new Error(`nothing came for ${path}`);
  }
  const { p50, p99 } = p50AndP99(taken.slice(WARM_UPS));
  return { [`${key}_first_ms`]: taken[0] as number, [`${key}_p50_ms`]: p50, [`${key}_p99_ms`]: p99 };
}

function rangePath(kind: ServerKind, scenario: Scenario, key: RangeQueryKey, turn: number): string {
  const { expression, startMs, endMs, stepMs } = rangeQuery(key, scenario, turn);
  const range = `start=${startMs / 1_000}&end=${endMs / 1_000}&step=${stepMs / 1_000}`;
  return `/query_range?query=${encodeURIComponent(expression)}&${range}${kind.uncached}`;
}

/** Asks for the last value of every series at the end of the scenario. */
export function lastValuesPath(kind: ServerKind, { endMs }: Scenario): string {
  return `/query?query=${encodeURIComponent(LAST_VALUES.expression)}&time=${endMs / 1_000}${kind.uncached}`;
}

/** How many samples of a scenario the server can find. Name by name, because counting drops the name. */
export async function samplesIn({ http, kind }: Server, { endMs, series }: Scenario): Promise<number> {
  let samples = 0;
  for (const name of new Set(series.map((one) => one.name))) {
    const expression = `sum(count_over_time(${name}[1d]))`;
    const path = `/query?query=${encodeURIComponent(expression)}&time=${endMs / 1_000}${kind.uncached}`;
    const answer = JSON.parse(await http.get(kind.apiPath + path)) as VectorAnswer;
    samples += Number(answer.data.result[0]?.value[1] ?? 0);
  }
  return samples;
}

interface VectorAnswer {
  readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
}
