import { around, deeper, leaf, type Operands, type Precision, type Question, type Spot } from './question.js';
import type { Random } from './random.js';
import { LABELS } from './selectors.js';

const COMPARISONS = ['==', '!=', '>', '<', '>=', '<='];
const SET_OPERATORS = ['and', 'or', 'unless'];
/** Noise in their operands may change the result altogether. */
const DELICATE = new Set(['%', '^', ...COMPARISONS]);
const ARITHMETIC = ['+', '-', '*', '/', '%', '^', 'atan2'];

/** Writes a binary expression with at least one vector. */
export function binary(random: Random, operands: Operands, spot: Spot): Question {
  const inside = deeper(spot);
  return random.weighted([
    [4, () => besideScalar(random, operands, inside)],
    [2, () => scaled(random, operands, inside)],
    [2, () => ofSameGroups(random, operands, inside)],
    [2, () => matched(random, operands, inside)],
    [2, () => withTakenLabels(random, operands, inside)],
    [2, () => setOperation(random, operands, inside)],
    [1, () => ofTheSame(random, operands, inside)],
    [1, () => filtered(random, operands, inside)],
  ])();
}

/** Writes a scalar out of two. */
export function scalarBinary(random: Random, operands: Operands, spot: Spot): Question {
  const inside = deeper(spot);
  const operator = random.chance(0.75) ? random.pick(ARITHMETIC) : `${random.pick(COMPARISONS)} bool`;
  const [left, right] = [exactScalar(operands, inside), exactScalar(operands, inside)];
  return joined(random, left, operator, right, precisionOf(operator));
}

function besideScalar(random: Random, operands: Operands, spot: Spot): Question {
  const operator = anyOperator(random);
  const sides = [vectorFor(operator, operands, spot), exactScalar(operands, spot)] as const;
  const [left, right] = random.chance(0.6) ? sides : ([sides[1], sides[0]] as const);
  return joined(random, left, operator, right, precisionOf(operator));
}

/** An order that stays. */
function scaled(random: Random, operands: Operands, spot: Spot): Question {
  const vector = operands.orderedVector(spot);
  return around(
    `${vector.text} ${random.pick(['* 2', '/ 4', '+ 1', '- 8', '* -1'])}`,
    [vector],
    'exact',
    true,
  );
}

/** By a bound that no value hits. */
function filtered(random: Random, operands: Operands, spot: Spot): Question {
  const vector = operands.vector(spot);
  const operator = random.pick(['>', '<', '> bool', '< bool']);
  return around(
    `(${vector.text}) ${operator} ${random.pick(['0.377', '-3.1234', '1041.777'])}`,
    [vector],
    'exact',
  );
}

function ofSameGroups(random: Random, operands: Operands, spot: Spot): Question {
  const labels = random.pick(['instance', 'job', 'instance, job', '']);
  const side = (operator: string) => {
    const vector = vectorFor(operator, operands, spot);
    return around(
      `${random.pick(['min', 'max', 'count'])} by (${labels}) (${vector.text})`,
      [vector],
      'sums',
    );
  };
  const operator = random.chance(0.8) ? anyOperator(random) : random.pick(SET_OPERATORS);
  return joined(random, side(operator), operator, side(operator), precisionOf(operator));
}

function matched(random: Random, operands: Operands, spot: Spot): Question {
  const operator = anyOperator(random);
  const [left, right] = [vectorFor(operator, operands, spot), vectorFor(operator, operands, spot)];
  const included = random.some(LABELS, 0.15).join(', ');
  const side = random.chance(0.4) ? ` ${random.pick(['group_left', 'group_right'])} (${included})` : '';
  return joined(random, left, `${operator} ${clause(random)}${side}`, right, precisionOf(operator));
}

function withTakenLabels(random: Random, operands: Operands, spot: Spot): Question {
  const vector = operands.vector(spot);
  const one = leaf(
    random.pick(['build_info', 'limit_bytes', 'up == 1', 'group by (instance, job) (up)']),
    'sums',
  );
  const included = random.pick(['', '(version)', '(job)', '(version, job)', '(absent_label)']);
  const labels = random.pick(['instance', 'instance', 'instance, job']);
  const text = random.chance(0.7)
    ? `(${vector.text}) * on (${labels}) group_left ${included} (${one.text})`
    : `(${one.text}) + on (${labels}) group_right ${included} (${vector.text})`;
  return around(text, [vector, one], 'exact');
}

function setOperation(random: Random, operands: Operands, spot: Spot): Question {
  const [left, right] = [operands.vector(spot), operands.vector(spot)];
  const operator = `${random.pick(SET_OPERATORS)}${random.chance(0.6) ? ` ${clause(random)}` : ''}`;
  return joined(random, left, operator, right, 'sums');
}

/** The same on both sides: every series finds its partner. */
function ofTheSame(random: Random, operands: Operands, spot: Spot): Question {
  const operator = anyOperator(random);
  const vector = operands.exactVector(spot);
  const other = { ...vector, text: `${vector.text}` };
  return joined(random, vector, operator, other, precisionOf(operator));
}

function clause(random: Random): string {
  if (random.chance(0.4))
    return random.pick(['on (instance)', 'on (instance, job)', 'ignoring (code, mode, room)']);
  return `${random.pick(['on', 'ignoring'])} (${random.some(LABELS, 0.3).join(', ')})`;
}

function anyOperator(random: Random): string {
  if (random.chance(0.6)) return random.pick(ARITHMETIC);
  return random.pick(COMPARISONS) + (random.chance(0.4) ? ' bool' : '');
}

function vectorFor(operator: string, operands: Operands, spot: Spot): Question {
  const isDelicate = DELICATE.has(operator.replace(' bool', ''));
  return isDelicate ? operands.exactVector(spot) : operands.vector(spot);
}

/** Noise in a number beside a vector would touch all of its values. */
function exactScalar(operands: Operands, spot: Spot): Question {
  const scalar = operands.scalar(spot);
  return scalar.precision === 'rounded' ? leaf('2', 'sums') : scalar;
}

/** What the operator makes of exact operands. */
function precisionOf(operator: string): Precision {
  if (operator === '^' || operator === 'atan2') return 'rounded';
  return operator === '*' || operator === '/' || operator === '%' ? 'exact' : 'sums';
}

/** Sometimes without parentheses, so that precedence decides; not where the precision of the operands matters. */
function joined(
  random: Random,
  first: Question,
  operator: string,
  second: Question,
  atBest: Precision,
): Question {
  const [left, right] = operator.startsWith('atan2') ? [nameless(first), nameless(second)] : [first, second];
  const whole = around('', [left, right], atBest);
  const isBare = whole.precision !== 'rounded' && random.chance(0.3);
  const text = isBare
    ? `${left.text} ${operator} ${right.text}`
    : `(${left.text}) ${operator} (${right.text})`;
  return { ...whole, text };
}

/** Prometheus 2.42 keeps the name of the metric behind atan2, Prometheus 3 drops it: it is dropped before. */
function nameless(operand: Question): Question {
  return around(`(${operand.text}) * 1`, [operand], operand.precision);
}
