import type { Series } from '@labkeeper/core';
import { seriesMoves } from './series-moves.js';
import { HOST_PLANS, type SeriesPlan } from './series-shapes.js';

/** The beginning of a UTC day, long enough ago that peers take it for the past and not for the future. */
const START_MS = 1_767_225_600_000;
const STEP_MS = 10_000;
/** A day. */
const STEPS_OF_A = 8_640;
const STEPS_OF_B = 1_000;
/** Of so many steps a quick run takes one. */
const QUICK_DIVISOR = 50;
/** Requests of peers carry so many rounds, so that the steps must be a multiple of it. */
export const ROUNDS_PER_REQUEST = 10;

/** Many hosts that report at the same pace. */
export interface Scenario {
  /** All series, those of one host side by side. */
  readonly series: readonly Series[];
  readonly plans: readonly SeriesPlan[];
  readonly hosts: number;
  readonly seriesPerHost: number;
  readonly startMs: number;
  readonly stepMs: number;
  readonly steps: number;
  /** Time of the last round. */
  readonly endMs: number;
}

/** What all hosts report at one step. The same object is filled again for the next one. */
export interface Round {
  timeMs: number;
  /** One value for each series of the scenario, in its order. */
  readonly values: Float64Array;
}

/** A homelab of 25 hosts with 60 series each, for a day: 12.96 million samples. */
export function dayOfHosts(quick: boolean): Scenario {
  return scenario(25, HOST_PLANS, stepsOf(STEPS_OF_A, quick));
}

/** 10,000 series of 1,000 hosts, 1,000 samples each. */
export function manySeries(quick: boolean): Scenario {
  const plans = HOST_PLANS.filter((_, index) => index % 6 === 0);
  return scenario(1_000, plans, stepsOf(STEPS_OF_B, quick));
}

function stepsOf(steps: number, quick: boolean): number {
  const wanted = quick ? steps / QUICK_DIVISOR : steps;
  return Math.floor(wanted / ROUNDS_PER_REQUEST) * ROUNDS_PER_REQUEST;
}

function scenario(hosts: number, plans: readonly SeriesPlan[], steps: number): Scenario {
  const series = Array.from({ length: hosts }, (_, host) =>
    plans.map(
      ({ name, labels }): Series => ({ name, labels: { instance: hostName(host), job: 'node', ...labels } }),
    ),
  ).flat();
  const endMs = START_MS + (steps - 1) * STEP_MS;
  return {
    series,
    plans,
    hosts,
    seriesPerHost: plans.length,
    startMs: START_MS,
    stepMs: STEP_MS,
    steps,
    endMs,
  };
}

/** `host00`, `host01` … */
export function hostName(host: number): string {
  return `host${String(host).padStart(2, '0')}`;
}

/** The rounds in the order of time. Two calls give the same values. */
export function* rounds({ plans, hosts, startMs, stepMs, steps }: Scenario): Generator<Round, void> {
  const round: Round = { timeMs: startMs, values: new Float64Array(hosts * plans.length) };
  const moves = seriesMoves(plans, hosts);
  for (let step = 0; step < steps; step++) {
    round.timeMs = startMs + step * stepMs;
    moves.next(round.values);
    yield round;
  }
}
