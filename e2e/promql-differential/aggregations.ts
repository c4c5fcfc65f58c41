import { around, deeper, leaf, type Operands, type Question, type Spot } from './question.js';
import type { Random } from './random.js';
import { LABELS } from './selectors.js';

/** Writes an aggregation, its grouping before or behind its arguments. */
export function aggregation(random: Random, operands: Operands, spot: Spot): Question {
  const inside = deeper(spot);
  return random.weighted([
    [3, () => plain(random, random.pick(['min', 'max', 'count', 'group']), operands.vector(inside))],
    [3, () => sum(random, operands.vector(inside))],
    [2, () => rounded(random, 'avg', operands.vector(inside))],
    // Of one NaN, 2.42 says 0 and Prometheus 3 says NaN: only of what has none.
    [1, () => rounded(random, random.pick(['stddev', 'stdvar']), operands.orderedVector(inside))],
    [1, () => quantile(random, operands, inside)],
    [1, () => countValues(random, operands, inside)],
    [2, () => extremes(random, operands, inside)],
  ])();
}

function plain(random: Random, operator: string, vector: Question): Question {
  return around(grouped(random, operator, vector.text), [vector], 'sums');
}

function sum(random: Random, vector: Question): Question {
  return around(
    grouped(random, 'sum', vector.text),
    [vector],
    vector.precision === 'sums' ? 'sums' : 'rounded',
  );
}

function rounded(random: Random, operator: string, vector: Question): Question {
  return around(grouped(random, operator, vector.text), [vector], 'rounded');
}

function quantile(random: Random, operands: Operands, spot: Spot): Question {
  const share = random.chance(0.2)
    ? operands.scalar(spot)
    : leaf(random.pick(['0.137', '0.5', '0.983', '0', '1', '-0.1', '1.1', 'NaN']), 'sums');
  const vector = operands.vector(spot);
  return around(grouped(random, 'quantile', `${share.text}, ${vector.text}`), [share, vector], 'rounded');
}

function countValues(random: Random, operands: Operands, spot: Spot): Question {
  const vector = operands.exactVector(spot);
  const clause = grouping(random);
  // With `by`, 2.42 mixes groups up when the new label does not come last in the alphabet.
  const label = clause.startsWith('by') ? 'zone_of_value' : random.pick(['value', 'instance', 'le']);
  return around(`count_values ${clause} ("${label}", ${vector.text})`, [vector], 'sums');
}

/** Which of equal values is taken is nobody's promise: only of values in a certain order. */
function extremes(random: Random, operands: Operands, spot: Spot): Question {
  const vector = operands.orderedVector(spot);
  const count = random.pick(['1', '2', '3', '2.9', '0', '-1', '100', '1 + 1']);
  const operator = random.pick(['topk', 'bottomk']);
  return around(grouped(random, operator, `${count}, ${vector.text}`), [vector], 'sums', true);
}

function grouped(random: Random, operator: string, inside: string): string {
  const clause = grouping(random);
  return random.chance(0.5) ? `${operator} ${clause} (${inside})` : `${operator}(${inside}) ${clause}`;
}

function grouping(random: Random): string {
  if (random.chance(0.25)) return '';
  return `${random.pick(['by', 'by', 'without'])} (${random.some(LABELS, 0.25).join(', ')})`;
}
