import { type Matcher, METRIC_NAME_LABEL } from '@labkeeper/core';
import type { Call, Expression } from '../../syntax/expression.js';
import { SeriesIdentity } from '../blocks/series-identity.js';
import { type Columns, type VectorBlock, vectorBlock } from '../blocks/values.js';
import { withoutEmptySeries } from '../blocks/without-empty-series.js';
import type { Moments } from '../program/grid.js';
import type { Compiler } from '../program/program.js';
import type { Operation, Run } from '../run.js';
import { inTurns } from '../turns.js';
import { withoutParentheses } from './without-parentheses.js';

/** `absent(v)`: 1 at the steps at which the vector is empty. */
export function compileAbsent(call: Call, scope: number, compiler: Compiler): number {
  const argument = call.arguments[0] as Expression;
  const slot = compiler.compile(argument, scope);
  const identity = labelsOfAbsent(argument);
  const operation: Operation = {
    scope,
    evaluate(run) {
      const isSeen = new Uint8Array(run.gridOf(operation).steps);
      markPresent(run.takeVector(slot), isSeen);
      return onesWhereUnseen(identity, isSeen, run);
    },
  };
  return compiler.add(operation);
}

/** `absent_over_time(r)`: 1 at the steps at which no window holds a sample. */
export function compileAbsentOverTime(call: Call, scope: number, compiler: Compiler): number {
  const argument = call.arguments[0] as Expression;
  const slot = compiler.compile(argument, scope);
  const identity = labelsOfAbsent(argument);
  const operation: Operation = {
    scope,
    evaluate(run) {
      const isSeen = new Uint8Array(run.gridOf(operation).steps);
      const { columns, rangeMs, ends } = run.takeRange(slot);
      const markRow = (row: number) => {
        const { timesMs } = columns[row] as Columns;
        markSeen(timesMs, rangeMs, ends, isSeen);
        return timesMs.length + isSeen.length;
      };
      return inTurns(columns.length, markRow, () => onesWhereUnseen(identity, isSeen, run));
    },
  };
  return compiler.add(operation);
}

/** The labels that the missing series would surely have: those that a selector asks to be equal to something, and asks once. */
function labelsOfAbsent(argument: Expression): SeriesIdentity {
  const labels = new Map<string, string>();
  const asked = new Set<string>();
  for (const { label, operator, value } of matchersOf(argument)) {
    if (label === METRIC_NAME_LABEL) continue;
    if (operator === '=' && !asked.has(label)) labels.set(label, value);
    else labels.delete(label);
    if (operator === '=') asked.add(label);
  }
  return SeriesIdentity.ofLabels(Object.fromEntries(labels));
}

function matchersOf(argument: Expression): readonly Matcher[] {
  const inner = withoutParentheses(argument);
  if (inner.kind === 'selector') return inner.matchers;
  return inner.kind === 'matrix' ? inner.selector.matchers : [];
}

function markPresent({ series, steps, present }: VectorBlock, isSeen: Uint8Array): void {
  if (!present && series.length > 0) isSeen.fill(1);
  if (!present) return;
  for (let at = 0; at < present.length; at++) if (present[at] === 1) isSeen[at % steps] = 1;
}

function markSeen(timesMs: Float64Array, rangeMs: number, ends: Moments, isSeen: Uint8Array): void {
  let row = 0;
  for (let step = 0; step < isSeen.length; step++) {
    const endMs = ends.firstMs + step * ends.stepMs;
    while (row < timesMs.length && (timesMs[row] as number) <= endMs - rangeMs) row++;
    if (row < timesMs.length && (timesMs[row] as number) <= endMs) isSeen[step] = 1;
  }
}

function onesWhereUnseen(identity: SeriesIdentity, isSeen: Uint8Array, run: Run): VectorBlock {
  const values = run.reserve(isSeen.length).fill(1);
  const present = isSeen.map((seen) => 1 - seen);
  return withoutEmptySeries(vectorBlock([identity], isSeen.length, values, present));
}
