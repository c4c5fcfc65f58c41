import type { Value } from './blocks/values.js';

/** Work that gives way after every turn and returns its value at the end. It may be run on at once. */
export type Work = Generator<undefined, Value, undefined>;

/** Little work is done at once and gives its value; more gives work. */
export type Outcome = Value | Work;

/** How many samples are read or computed in one turn: some hundred microseconds. */
export const TURN_SAMPLES = 20_000;

/**
 * Does something for each of so many items (mostly the rows of a block), in turns, and then gives what `finish` gives.
 * `visit` says how many samples it looked at.
 */
export function inTurns(count: number, visit: (item: number) => number, finish: () => Outcome): Outcome {
  let samples = 0;
  for (let item = 0; item < count; item++) {
    samples += visit(item);
    if (samples >= TURN_SAMPLES) return furtherTurns(item + 1, count, visit, finish);
  }
  return finish();
}

function* furtherTurns(
  from: number,
  count: number,
  visit: (item: number) => number,
  finish: () => Outcome,
): Work {
  yield;
  let samples = 0;
  for (let item = from; item < count; item++) {
    samples += visit(item);
    if (samples < TURN_SAMPLES) continue;
    samples = 0;
    yield;
  }
  const outcome = finish();
  return isWork(outcome) ? yield* outcome : outcome;
}

/**
 * As {@link inTurns}, for items that may be too long for one turn: calls until `advance` gives undefined, because nothing is left.
 * `advance` says how many samples it looked at, and itself ends after about {@link TURN_SAMPLES} of them.
 */
export function inTurnsUntilDone(advance: () => number | undefined, finish: () => Outcome): Outcome {
  let samples = 0;
  for (;;) {
    const visited = advance();
    if (visited === undefined) return finish();
    samples += visited;
    if (samples >= TURN_SAMPLES) return furtherAdvances(advance, finish);
  }
}

function* furtherAdvances(advance: () => number | undefined, finish: () => Outcome): Work {
  yield;
  let samples = 0;
  for (let visited = advance(); visited !== undefined; visited = advance()) {
    samples += visited;
    if (samples < TURN_SAMPLES) continue;
    samples = 0;
    yield;
  }
  const outcome = finish();
  return isWork(outcome) ? yield* outcome : outcome;
}

export function isWork(outcome: Outcome): outcome is Work {
  // Values have a kind. Reading a property that may be missing is quicker than asking whether it is there.
  return (outcome as Partial<Value>).kind === undefined;
}
