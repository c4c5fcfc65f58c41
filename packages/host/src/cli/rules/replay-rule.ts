import type { InstantValue, StorageForReading } from '@labkeeper/core';
import { evaluateRange, PromqlError, type RangeSeries, type RangeSpan } from '@labkeeper/promql';
import {
  type AlertInstance,
  type AlertingRule,
  evaluateAlertingRule,
  NEW_RULE_STATE,
} from '@labkeeper/rules';

/** Steps that are evaluated at once: a week at a minute; more would hold too much in memory. */
const STEPS_AT_ONCE = 10_000;

/** A time in which an alert would have fired. */
export interface Firing {
  readonly alert: AlertInstance;
  readonly fromMs: number;
  /** Absent: it still does at the end. */
  readonly toMs?: number;
}

/** Over which samples a rule is replayed, and how. */
export interface Replay extends RangeSpan {
  readonly samples: Pick<StorageForReading['samples'], 'select'>;
  /** Alerts that the rule may have at a time; 0 is no limit. */
  readonly limit: number;
}

/**
 * Evaluates a rule at every step of a span, as if it had been there, and returns when its alerts would have fired, in the order of their
 * beginning. Throws PromqlError for an expression that cannot be evaluated. Called for each rule of a backtest.
 */
export async function replayRule(rule: AlertingRule, replay: Replay): Promise<readonly Firing[]> {
  const log = new FiringLog();
  let state = NEW_RULE_STATE;
  for await (const { nowMs, vector } of evaluatedSteps(rule, replay)) {
    const outcome = await evaluateAlertingRule(rule, state, vector, { nowMs, limit: replay.limit });
    if (outcome.failure !== undefined) throw new PromqlError('execution', outcome.failure);
    state = outcome.state;
    log.note(state.alerts, nowMs);
  }
  return log.firings();
}

interface Step {
  readonly nowMs: number;
  readonly vector: readonly InstantValue[];
}

/** The result of the rule's expression step by step, evaluated in stretches. */
async function* evaluatedSteps(
  rule: AlertingRule,
  { fromMs, toMs, stepMs, samples }: Replay,
): AsyncGenerator<Step> {
  const source = {
    select: ({ matchers, fromMs: since, toMs: until }: Parameters<Source['select']>[0]) =>
      samples.select(matchers, since, until),
  };
  for (let atMs = fromMs; atMs <= toMs; atMs += STEPS_AT_ONCE * stepMs) {
    const span = { fromMs: atMs, toMs: Math.min(toMs, atMs + (STEPS_AT_ONCE - 1) * stepMs), stepMs };
    const { value } = await evaluateRange(rule.expression, span, source);
    yield* stepsOf(value.type === 'matrix' ? value.series : [], span);
  }
}

type Source = Parameters<typeof evaluateRange>[2];

function* stepsOf(series: readonly RangeSeries[], { fromMs, toMs, stepMs }: RangeSpan): Generator<Step> {
  const cursors = series.map((one) => new SeriesCursor(one));
  for (let nowMs = fromMs; nowMs <= toMs; nowMs += stepMs)
    yield { nowMs, vector: cursors.flatMap((cursor) => cursor.take(nowMs)) };
}

/** Walks along a series that has no value at some of the steps. */
class SeriesCursor {
  #row = 0;

  constructor(private readonly series: RangeSeries) {}

  take(timeMs: number): readonly InstantValue[] {
    const { labels, timesMs, values } = this.series;
    if (timesMs[this.#row] !== timeMs) return [];
    return [{ labels, timeMs, value: values[this.#row++] as number }];
  }
}

interface NotedFiring extends Firing {
  toMs?: number;
}

/** Makes spans of what fires at each step. */
class FiringLog {
  readonly #all: NotedFiring[] = [];
  readonly #open = new Map<string, NotedFiring>();

  note(alerts: ReadonlyMap<string, AlertInstance>, nowMs: number): void {
    for (const [key, alert] of alerts)
      if (alert.state === 'firing' && !this.#open.has(key)) this.#begin(key, alert, nowMs);
    for (const [key, firing] of this.#open) {
      if (alerts.get(key)?.state === 'firing') continue;
      firing.toMs = nowMs;
      this.#open.delete(key);
    }
  }

  firings(): readonly Firing[] {
    return this.#all;
  }

  #begin(key: string, alert: AlertInstance, fromMs: number): void {
    const firing = { alert, fromMs };
    this.#open.set(key, firing);
    this.#all.push(firing);
  }
}
