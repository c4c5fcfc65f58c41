import type { VectorMatching } from '../../syntax/expression.js';
import { checkRepeats, renameSeries } from '../blocks/merge-series.js';
import { type VectorBlock, vectorBlock } from '../blocks/values.js';
import { withoutEmptySeries } from '../blocks/without-empty-series.js';
import type { Operation, Run } from '../run.js';
import { inTurns, type Outcome } from '../turns.js';
import type { BinaryPlan } from './compile-binary.js';
import { findPartners, type Partners, rememberPair } from './partners.js';

/** `and`, `or`, `unless`: at each step, whether a series is there depends on whether the other side has a partner there. */
export function setOperation({ binary, leftSlot, rightSlot, scope }: BinaryPlan): Operation {
  const matching = binary.matching as VectorMatching;
  const partnersOf = rememberPair((left: VectorBlock['series'], right: VectorBlock['series']) =>
    findPartners(left, right, matching),
  );
  return {
    scope,
    evaluate(run) {
      const [right, left] = [run.takeVector(rightSlot), run.takeVector(leftSlot)];
      const partners = partnersOf(left.series, right.series);
      if (binary.operator === 'or') return union(left, right, partners, run);
      const wanted = binary.operator === 'and' ? 1 : 0;
      return markSignatures(right, partners.rightOf, partners.count, (seen) =>
        keepWhere(left, partners.leftOf, seen, wanted, (kept) => kept),
      );
    },
  };
}

/** Where each signature has at least one value: `signature * steps + step`. */
function markSignatures(
  { steps, present }: VectorBlock,
  signatureOf: Int32Array,
  count: number,
  proceed: (seen: Uint8Array) => Outcome,
): Outcome {
  const seen = new Uint8Array(count * steps);
  const markRow = (row: number) => {
    const to = (signatureOf[row] as number) * steps;
    if (!present) seen.fill(1, to, to + steps);
    else
      for (let step = 0; step < steps; step++)
        seen[to + step] = (seen[to + step] as number) | (present[row * steps + step] as number);
    return steps;
  };
  return inTurns(signatureOf.length, markRow, () => proceed(seen));
}

function keepWhere(
  block: VectorBlock,
  signatureOf: Int32Array,
  seen: Uint8Array,
  wanted: number,
  proceed: (kept: VectorBlock) => Outcome,
): Outcome {
  const { series, steps, values } = block;
  const present = block.present ?? new Uint8Array(values.length).fill(1);
  const keepRow = (row: number) => {
    const from = (signatureOf[row] as number) * steps;
    for (let step = 0; step < steps; step++)
      if (seen[from + step] !== wanted) present[row * steps + step] = 0;
    return steps;
  };
  return inTurns(signatureOf.length, keepRow, () =>
    proceed(withoutEmptySeries(vectorBlock(series, steps, values, present))),
  );
}

/** Everything on the left, and on the right what has no partner on the left. */
function union(left: VectorBlock, right: VectorBlock, partners: Partners, run: Run): Outcome {
  return markSignatures(left, partners.leftOf, partners.count, (seen) =>
    keepWhere(right, partners.rightOf, seen, 0, (rest) => {
      if (rest.series.length === 0) return left;
      if (left.series.length === 0) return rest;
      const both = concatenate(left, rest, run);
      return renameSeries(both, checkRepeats(both.series), run);
    }),
  );
}

function concatenate(first: VectorBlock, second: VectorBlock, run: Run): VectorBlock {
  const values = run.reserve(first.values.length + second.values.length);
  values.set(first.values);
  values.set(second.values, first.values.length);
  const series = [...first.series, ...second.series];
  if (!first.present && !second.present) return vectorBlock(series, first.steps, values);
  const present = new Uint8Array(values.length).fill(1);
  if (first.present) present.set(first.present);
  if (second.present) present.set(second.present, first.values.length);
  return vectorBlock(series, first.steps, values, present);
}
