import { around, deeper, leaf, type Operands, type Precision, type Question, type Spot } from './question.js';
import type { Random } from './random.js';
import { LABELS, steadyCounter, subqueryTimes } from './selectors.js';

/** Writes a call of a function: of a range, of the values, of dates, of labels, of histograms. */
export function call(random: Random, operands: Operands, spot: Spot): Question {
  const inside = deeper(spot);
  return random.weighted([
    [8, () => ofRange(random, operands, inside)],
    [4, () => ofValues(random, operands, inside)],
    [2, () => clamped(random, operands, inside)],
    [1, () => ofDate(random, operands, inside)],
    [2, () => ofLabels(random, operands, inside)],
    [2, () => histogramQuantile(random, operands, inside)],
    [1, () => simple('absent', operands.vector(inside), 'sums')],
    [1, () => simple('timestamp', operands.vector(inside), 'exact')],
    [1, () => simple('vector', operands.scalar(inside), 'sums')],
    [1, () => simple(random.pick(['sort', 'sort_desc']), operands.orderedVector(inside), 'sums', true)],
  ])();
}

function simple(name: string, argument: Question, atBest: Precision, isOrdered = false): Question {
  return around(`${name}(${argument.text})`, [argument], atBest, isOrdered);
}

/** Their answer has the bits of some sample, or is a small whole number. */
const PICKING = ['last_over_time', 'max_over_time', 'min_over_time', 'count_over_time', 'present_over_time'];
/** Small noise in what they get would be a big difference in what they give. */
const DELICATE = [
  'changes',
  'resets',
  'deriv',
  'stddev_over_time',
  'stdvar_over_time',
  'idelta',
  'irate',
  'delta',
];

function ofRange(random: Random, operands: Operands, spot: Spot): Question {
  return random.weighted([
    [3, () => rate(random, operands, spot)],
    [3, () => simple(random.pick([...PICKING, 'absent_over_time']), operands.matrix(spot), 'sums')],
    [3, () => simple(random.pick(DELICATE), operands.exactMatrix(spot), 'rounded')],
    [2, () => simple('avg_over_time', operands.matrix(spot), 'rounded')],
    [1, () => sumOverTime(operands.matrix(spot))],
    [1, () => changes(random, operands.exactMatrix(spot))],
    [1, () => quantileOverTime(random, operands, spot)],
    [1, () => predictLinear(random, operands, spot)],
    [1, () => smoothing(random, operands, spot)],
  ])();
}

function changes(random: Random, matrix: Question): Question {
  return simple(random.pick(['changes', 'resets']), matrix, 'sums');
}

function sumOverTime(matrix: Question): Question {
  return simple('sum_over_time', matrix, matrix.precision === 'sums' ? 'sums' : 'rounded');
}

function rate(random: Random, operands: Operands, spot: Spot): Question {
  const name = random.pick(['rate', 'rate', 'increase']);
  if (spot.subqueries > 1 || random.chance(0.8)) {
    return simple(name, operands.matrix({ ...spot, depth: 0 }), 'rounded');
  }
  const counter = steadyCounter(random);
  return around(`${name}(${counter.text}${subqueryTimes(random, spot)})`, [], 'rounded');
}

function quantileOverTime(random: Random, operands: Operands, spot: Spot): Question {
  const [quantile, matrix] = [fraction(random, operands, spot), operands.matrix(spot)];
  return around(`quantile_over_time(${quantile.text}, ${matrix.text})`, [quantile, matrix], 'rounded');
}

function predictLinear(random: Random, operands: Operands, spot: Spot): Question {
  const ahead = random.chance(0.7)
    ? leaf(random.pick(['600', '3600', '-60']), 'sums')
    : operands.scalar(spot);
  const matrix = operands.exactMatrix(spot);
  return around(`predict_linear(${matrix.text}, ${ahead.text})`, [matrix, ahead], 'rounded');
}

function smoothing(random: Random, operands: Operands, spot: Spot): Question {
  const matrix = operands.exactMatrix(spot);
  const factors = [
    random.pick(['0.1', '0.5', '0.9']),
    random.pick(['0.2', '0.7', random.pick(['1.5', '0.3'])]),
  ];
  return around(`double_exponential_smoothing(${matrix.text}, ${factors.join(', ')})`, [matrix], 'rounded');
}

/** A share for quantiles, now and then one that is none. */
function fraction(random: Random, operands: Operands, spot: Spot): Question {
  if (random.chance(0.08)) return operands.scalar(deeper(spot));
  return leaf(random.pick(['0.137', '0.451', '0.5', '0.9', '0.983', '0', '1', '-1', '1.5', 'NaN']), 'sums');
}

const SMOOTH = ['abs', 'sqrt'];
const CURVES =
  'acos acosh asin asinh atan atanh cos cosh deg exp ln log10 log2 rad sin sinh tan tanh sqrt'.split(' ');
const STEPS = ['ceil', 'floor', 'sgn', 'abs', 'round'];

function ofValues(random: Random, operands: Operands, spot: Spot): Question {
  return random.weighted([
    [1, () => simple(random.pick(SMOOTH), operands.vector(spot), 'exact')],
    [2, () => simple(random.pick(CURVES), operands.exactVector(spot), 'rounded')],
    [2, () => simple(random.pick(STEPS), operands.exactVector(spot), 'sums')],
    [1, () => roundTo(random, operands, spot)],
  ])();
}

function roundTo(random: Random, operands: Operands, spot: Spot): Question {
  const vector = operands.exactVector(spot);
  const to = random.pick(['1', '0.25', '100', '5', '0', '-2', 'Inf', 'NaN']);
  return around(`round(${vector.text}, ${to})`, [vector], 'exact');
}

function clamped(random: Random, operands: Operands, spot: Spot): Question {
  const [vector, least, most] = [
    operands.vector(spot),
    bound(random, operands, spot),
    bound(random, operands, spot),
  ];
  return random.pick([
    () => around(`clamp_min(${vector.text}, ${least.text})`, [vector, least], 'exact'),
    () => around(`clamp_max(${vector.text}, ${most.text})`, [vector, most], 'exact'),
    () => around(`clamp(${vector.text}, ${least.text}, ${most.text})`, [vector, least, most], 'exact'),
  ])();
}

function bound(random: Random, operands: Operands, spot: Spot): Question {
  return random.chance(0.3)
    ? operands.scalar(spot)
    : leaf(random.pick(['-5', '0.377', '3', '100', '1e6', 'NaN', '-Inf']), 'sums');
}

const DATES = 'days_in_month day_of_month day_of_week day_of_year hour minute month year'.split(' ');

function ofDate(random: Random, operands: Operands, spot: Spot): Question {
  const name = random.pick(DATES);
  if (random.chance(0.2)) return leaf(`${name}()`, 'sums');
  const vector = random.chance(0.5)
    ? simple('timestamp', operands.vector(spot), 'exact')
    : operands.exactVector(spot);
  return around(`${name}(${vector.text})`, [vector], 'sums');
}

function ofLabels(random: Random, operands: Operands, spot: Spot): Question {
  const vector = operands.vector(spot);
  const [into, from] = [random.pick([...LABELS, 'new']), random.pick(LABELS)];
  const text = random.weighted([
    [
      4,
      `label_replace(${vector.text}, "${into}", "${random.pick(['$1', 'x-$1', '${1}_$2', '$whole', '', '$0$9', '$$'])}", "${from}", "${random.pick(['(.*)', '(.)(.*)', '(?P<whole>.+)', '[ab]', '', '.*x(y)?'])}")`,
    ],
    [
      2,
      `label_join(${vector.text}, "${into}", "${random.pick(['', '-', '/'])}", "${from}", "${random.pick(LABELS)}")`,
    ],
    [0.3, `label_join(${vector.text}, "${into}", "-")`],
  ]);
  return around(text, [vector], 'sums');
}

function histogramQuantile(random: Random, operands: Operands, spot: Spot): Question {
  const buckets = random.weighted([
    [2, () => leaf('latency_seconds_bucket', 'sums')],
    [3, () => leaf(`rate(latency_seconds_bucket[${random.pick(['5m', '20m'])}])`, 'rounded')],
    [2, () => leaf('sum by (le) (rate(latency_seconds_bucket[10m]))', 'rounded')],
    [1, () => leaf('latency_seconds_bucket{le!="1"}', 'sums')],
    [1, () => leaf('latency_seconds_bucket{le!="+Inf"}', 'sums')],
    [1, () => operands.exactVector(spot)],
  ])();
  const quantile = fraction(random, operands, spot);
  return around(`histogram_quantile(${quantile.text}, ${buckets.text})`, [quantile, buckets], 'rounded');
}
