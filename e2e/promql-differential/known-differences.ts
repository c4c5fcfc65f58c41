import type { Answer, Asked } from './answer.js';

/** A place where Prometheus 2.42 and Prometheus 3, which we follow, do not say the same. */
export interface KnownDifference {
  readonly name: string;
  readonly reason: string;
  /** As narrow as can be: what it lets pass is not looked at again. */
  readonly explains: (asked: Asked, ours: Answer, theirs: Answer) => boolean;
}

/** An aggregation whose number comes from a selector with `@`. */
const NUMBER_HELD = /(?:quantile|topk|bottomk) ?[^,]*\([^,]*scalar\([^,]* @ /i;
const SUBQUERY = /\[\w+:\w*\]/;
/** A comparison that does not say `bool`. */
const FILTER = /(?:==|!=|>=?|<=?) (?!bool)/;

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    name: '@ where the function is worked out at every step',
    reason:
      '2.42 moves a window that `@` should hold, when something else beside it changes from step to step',
    explains: ({ text, stepMs }) =>
      / @ /.test(text) &&
      /predict_linear|quantile_over_time/.test(text) &&
      (stepMs > 0 || SUBQUERY.test(text)),
  },
  {
    name: '`@` and `offset` together inside timestamp()',
    reason: '2.42 forgets the offset when it takes the moment of `@`',
    explains: ({ text }) => /timestamp\([^()]*(?: @ .* offset | offset .* @ )/is.test(text),
  },
  {
    name: '`@` inside the number of an aggregation',
    reason:
      '2.42 takes, at single steps of a range, a sample for what scalar() makes NaN; asked alone it says NaN itself',
    explains: ({ text, stepMs }) => stepMs > 0 && NUMBER_HELD.test(text),
  },
  {
    name: 'pairs that a comparison filters out',
    reason:
      'Prometheus 3.9 counts them when it looks for several partners of one series (its pull request 17668), 2.42 does not',
    explains: ({ text }, ours, theirs) =>
      FILTER.test(text) &&
      theirs.type !== 'error' &&
      ours.type === 'error' &&
      ours.message.startsWith('multiple matches for labels: '),
  },
  {
    name: 'a subquery without a step in its window',
    reason: '2.42 gives the next step, behind the window, when `@` makes its inside the same at every step',
    explains: ({ text }, ours, theirs) =>
      / @ /.test(text) &&
      SUBQUERY.test(text) &&
      theirs.type === 'matrix' &&
      theirs.series.every(({ timesMs }) => timesMs.length === 1) &&
      ours.type === 'matrix' &&
      ours.series.length === 0,
  },
  {
    name: 'sinh and cosh just below the end of numbers',
    reason: 'the library of Go says infinity from 709.79 on, where the result still is a number up to 710.47',
    explains: ({ text }, ours, theirs) =>
      /(?:sinh|cosh)\(/.test(text) &&
      hasValue(ours, isHuge) &&
      hasValue(theirs, (value) => Math.abs(value) === Infinity),
  },
];

function isHuge(value: number): boolean {
  return Number.isFinite(value) && Math.abs(value) > Number.MAX_VALUE / 2.1;
}

function hasValue(answer: Answer, holds: (value: number) => boolean): boolean {
  return 'series' in answer && answer.series.some(({ values }) => Array.from(values).some(holds));
}

/** Differences that the questions and the data go around, because an answer does not tell whether they are its cause. */
export const NOT_ASKED: readonly string[] = [
  'windows and look-back: closed on the left in 2.42, open in 3; no sample lies on an edge',
  'rate and increase of a window whose first sample is late and neither near zero nor far above the increase: 3 reaches less far back',
  'the metric name behind atan2: kept in 2.42, dropped in 3; operands of atan2 have none',
  'stddev and stdvar of a single NaN or infinity: 0 in 2.42, NaN in 3; asked only of finite values',
  'sums that overflow: NaN in some functions of 2.42, infinity in 3; no value is that big',
  'count_values by labels that sort behind the new one: 2.42 mixes groups up; the new label sorts last',
  'names in UTF-8, quoted names, durations as numbers, functions and aggregations that 2.42 does not know',
  'a dot and line breaks in regular expressions; no label holds one',
  'which of equal values topk and bottomk take; asked only of values that differ',
];
