import type { BinaryOperator } from '../../syntax/expression.js';

export type Arithmetic = (left: number, right: number) => number;
export type Comparison = (left: number, right: number) => boolean;

/** As Go computes, whose `%` is JavaScript's and whose `^` is not. */
const ARITHMETICS: ReadonlyMap<BinaryOperator, Arithmetic> = new Map<BinaryOperator, Arithmetic>([
  ['+', (left, right) => left + right],
  ['-', (left, right) => left - right],
  ['*', (left, right) => left * right],
  ['/', (left, right) => left / right],
  ['%', (left, right) => left % right],
  ['^', power],
  ['atan2', Math.atan2],
]);

const COMPARISONS: ReadonlyMap<BinaryOperator, Comparison> = new Map<BinaryOperator, Comparison>([
  ['==', (left, right) => left === right],
  ['!=', (left, right) => left !== right],
  ['>', (left, right) => left > right],
  ['<', (left, right) => left < right],
  ['>=', (left, right) => left >= right],
  ['<=', (left, right) => left <= right],
]);

export function arithmeticOf(operator: BinaryOperator): Arithmetic | undefined {
  return ARITHMETICS.get(operator);
}

export function comparisonOf(operator: BinaryOperator): Comparison | undefined {
  return COMPARISONS.get(operator);
}

/** IEEE 754 has 1 to the power of anything, and -1 to an infinite power, as 1; JavaScript as NaN. */
function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY)) return 1;
  return base ** exponent;
}
