import { labelsKey } from '@labkeeper/core';
import type { Answer, AnswerSeries } from './answer.js';

/** Relative: another order of summation and another library of mathematics come nearer than this. */
const TOLERANCE = 1e-9;

/**
 * A spread is a small difference between big numbers: the digits that the mean has lost are lost for it too. Of times of 1.7e9 seconds it
 * is good for seven digits.
 */
const SPREAD_TOLERANCE = 1e-6;

/** 2.42 moves a mean from value to value; what should add up to 0 leaves the last digits of its parts. */
const MEAN_NOISE = 1e-12;

/** How near two values have to be: within one of both. */
export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

/** How near the values of two answers have to be, by the functions of the expression. */
export function toleranceFor(text: string): Tolerance {
  return {
    relative: /std(?:dev|var)/.test(text) ? SPREAD_TOLERANCE : TOLERANCE,
    absolute: /\bavg\b/.test(text) ? MEAN_NOISE : 0,
  };
}

export interface Demands {
  /** The order of the series has a meaning. */
  readonly isOrdered: boolean;
  readonly tolerance: Tolerance;
}

/** What is different between two answers, in a line; undefined when they say the same. */
export function differenceBetween(
  ours: Answer,
  theirs: Answer,
  { isOrdered, tolerance }: Demands,
): string | undefined {
  if (ours.type !== theirs.type) return `ours is ${describe(ours)}, theirs is ${describe(theirs)}`;
  if (ours.type === 'error' && theirs.type === 'error') {
    return ours.kind === theirs.kind
      ? undefined
      : `ours fails with ${describe(ours)}, theirs with ${describe(theirs)}`;
  }
  if (ours.type === 'string' || theirs.type === 'string') {
    return JSON.stringify(ours) === JSON.stringify(theirs) ? undefined : 'another text';
  }
  if (ours.type === 'error' || theirs.type === 'error') return undefined;
  return (
    orderDifference(ours.series, theirs.series, isOrdered) ??
    seriesDifference(ours.series, theirs.series, tolerance)
  );
}

function describe(answer: Answer): string {
  if (answer.type === 'error') return `an error (${answer.kind}: ${answer.message})`;
  return answer.type === 'string' ? 'a string' : `a ${answer.type} of ${answer.series.length}`;
}

function orderDifference(
  ours: readonly AnswerSeries[],
  theirs: readonly AnswerSeries[],
  isOrdered: boolean,
): string | undefined {
  if (!isOrdered) return undefined;
  const order = (series: readonly AnswerSeries[]) => series.map(({ labels }) => labelsKey(labels)).join('\n');
  return order(ours) === order(theirs) ? undefined : 'another order';
}

function seriesDifference(
  ours: readonly AnswerSeries[],
  theirs: readonly AnswerSeries[],
  tolerance: Tolerance,
): string | undefined {
  const rest = new Map(ours.map((series) => [labelsKey(series.labels), series]));
  if (rest.size !== ours.length) return 'ours has a series twice';
  for (const series of theirs) {
    const key = labelsKey(series.labels);
    const mine = rest.get(key);
    rest.delete(key);
    if (mine === undefined) return `ours lacks ${JSON.stringify(series.labels)} ${shown(series)}`;
    const difference = samplesDifference(mine, series, tolerance);
    if (difference !== undefined) return `${JSON.stringify(series.labels)}: ${difference}`;
  }
  for (const series of rest.values()) return `ours adds ${JSON.stringify(series.labels)} ${shown(series)}`;
  return undefined;
}

function samplesDifference(
  mine: AnswerSeries,
  theirs: AnswerSeries,
  tolerance: Tolerance,
): string | undefined {
  if (mine.timesMs.length !== theirs.timesMs.length) {
    return `ours has ${mine.timesMs.length} samples ${shown(mine)}, theirs ${theirs.timesMs.length} ${shown(theirs)}`;
  }
  for (let index = 0; index < theirs.timesMs.length; index++) {
    const [mineAt, theirsAt] = [mine.timesMs[index], theirs.timesMs[index]];
    if (mineAt !== theirsAt) return `ours has a sample at ${mineAt}, theirs at ${theirsAt}`;
    const [left, right] = [mine.values[index] as number, theirs.values[index] as number];
    if (!isNear(left, right, tolerance)) return `at ${theirsAt} ours is ${left}, theirs ${right}`;
  }
  return undefined;
}

function shown({ timesMs, values }: AnswerSeries): string {
  const some = Array.from(
    { length: Math.min(3, values.length) },
    (_, index) => `${values[index]} at ${timesMs[index]}`,
  );
  return `(${some.join(', ')}${values.length > some.length ? ', …' : ''})`;
}

/** NaN is near NaN; an infinity only to itself. */
function isNear(left: number, right: number, { relative, absolute }: Tolerance): boolean {
  if (Object.is(left, right) || left === right) return true;
  const distance = Math.abs(left - right);
  if (!Number.isFinite(distance)) return false;
  return distance <= Math.max(absolute, relative * Math.max(Math.abs(left), Math.abs(right)));
}
