import type { BinaryExpression, UnaryExpression } from '../../syntax/expression.js';
import { dropNames, rememberLast, renameSeries } from '../blocks/merge-series.js';
import type { Value, VectorBlock } from '../blocks/values.js';
import type { Compiler } from '../program/program.js';
import type { Operation } from '../run.js';
import { vectorWithScalar } from './binary-scalar.js';
import { vectorWithVector } from './binary-vector.js';
import { arithmeticOf, comparisonOf } from './operators.js';
import { setOperation } from './set-operation.js';

/** The operands of a binary operation and how it is to be done. */
export interface BinaryPlan {
  readonly binary: BinaryExpression;
  readonly leftSlot: number;
  readonly rightSlot: number;
  readonly scope: number;
}

export function compileBinary(binary: BinaryExpression, scope: number, compiler: Compiler): number {
  const leftSlot = compiler.compile(binary.left, scope);
  const rightSlot = compiler.compile(binary.right, scope);
  return compiler.add(operationOf({ binary, leftSlot, rightSlot, scope }));
}

function operationOf(plan: BinaryPlan): Operation {
  const { left, right, operator } = plan.binary;
  if (left.type === 'scalar' && right.type === 'scalar') return scalarWithScalar(plan);
  if (left.type === 'scalar' || right.type === 'scalar') return vectorWithScalar(plan);
  if (operator === 'and' || operator === 'or' || operator === 'unless') return setOperation(plan);
  return vectorWithVector(plan);
}

function scalarWithScalar({ binary, leftSlot, rightSlot, scope }: BinaryPlan): Operation {
  const compute = computeNumber(binary);
  return {
    scope,
    evaluate(run) {
      const rights = run.takeScalar(rightSlot);
      const values = run.takeScalar(leftSlot).map((value, step) => compute(value, rights[step] as number));
      return { kind: 'scalar', values };
    },
  };
}

/** Arithmetic; comparisons give 1 and 0. */
export function computeNumber({ operator }: BinaryExpression): (left: number, right: number) => number {
  const compare = comparisonOf(operator);
  if (compare) return (left, right) => (compare(left, right) ? 1 : 0);
  return arithmeticOf(operator) as (left: number, right: number) => number;
}

/** Only a comparison that filters keeps the metric name: what passes is still that metric. */
export function keepsName({ operator, returnsBool }: BinaryExpression): boolean {
  return comparisonOf(operator) !== undefined && !returnsBool;
}

export function compileUnary(unary: UnaryExpression, scope: number, compiler: Compiler): number {
  const slot = compiler.compile(unary.expression, scope);
  if (unary.operator === '+') return slot;
  const withoutNames = rememberLast(dropNames);
  return compiler.add({
    scope,
    evaluate(run): Value {
      const value = run.take(slot);
      if (value.kind === 'scalar') return { kind: 'scalar', values: value.values.map((each) => -each) };
      const block = value as VectorBlock;
      for (let at = 0; at < block.values.length; at++) block.values[at] = -(block.values[at] as number);
      return renameSeries(block, withoutNames(block.series), run);
    },
  });
}
