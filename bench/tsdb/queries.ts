import { hostName, type Scenario } from './scenario.js';
import { LOAD, TEMPERATURE } from './series-shapes.js';

const MINUTE_MS = 60_000;

/** A range query, as text of PromQL and as what a store without PromQL needs. */
export interface RangeQuery {
  readonly expression: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

export type RangeQueryKey = 'q1' | 'q2' | 'q3';

/** Each query, how often it is asked, and what people call it. */
export const RANGE_QUERIES: Readonly<
  Record<RangeQueryKey, { readonly label: string; readonly times: number }>
> = {
  q1: { label: '1 series, 24 h at 60 s', times: 200 },
  q2: { label: '100 series, 1 h at 60 s', times: 200 },
  q3: { label: 'avg by host of 100 series, 24 h at 300 s', times: 100 },
};

/** Every 10,000 series of scenario b, its last value. */
export const LAST_VALUES = {
  label: '10,000 series, last value',
  times: 50,
  expression: '{job="node"}',
} as const;

/** A query about a scenario; `turn` chooses the host or the hour, so that no answer can be kept for the next turn. */
export function rangeQuery(key: RangeQueryKey, scenario: Scenario, turn: number): RangeQuery {
  const { startMs, endMs } = scenario;
  switch (key) {
    case 'q1':
      return {
        expression: `${LOAD}{instance="${hostOf(scenario, turn)}"}`,
        startMs,
        endMs,
        stepMs: MINUTE_MS,
      };
    case 'q2':
      return { expression: TEMPERATURE, ...hourOf(scenario, turn), stepMs: MINUTE_MS };
    case 'q3':
      return { expression: `avg by (instance) (${TEMPERATURE})`, startMs, endMs, stepMs: 5 * MINUTE_MS };
  }
}

/** The host that q1 asks about. */
export function hostOf({ hosts }: Scenario, turn: number): string {
  return hostName((turn * 7) % hosts);
}

function hourOf({ startMs, endMs }: Scenario, turn: number): { startMs: number; endMs: number } {
  const hours = Math.max(1, Math.floor((endMs - startMs) / (60 * MINUTE_MS)));
  const fromMs = startMs + ((turn * 5) % hours) * 60 * MINUTE_MS;
  return { startMs: fromMs, endMs: Math.min(endMs, fromMs + 60 * MINUTE_MS) };
}
