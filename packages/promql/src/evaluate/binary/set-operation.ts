import type { VectorMatching } from '../../syntax/expression.js';
import { checkRepeats, renameSeries } from '../blocks/merge-series.js';
import { type VectorBlock, vectorBlock } from '../blocks/values.js';
import { withoutEmptySeries } from '../blocks/without-empty-series.js';
import type { Operation, Run } from '../run.js';
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
      const seen = presenceOfSignatures(right, partners.rightOf, partners.count);
      return keepWhere(left, partners.leftOf, seen, binary.operator === 'and' ? 1 : 0);
    },
  };
}

/** Where each signature has at least one value: `signature * steps + step`. */
function presenceOfSignatures(
  { steps, present }: VectorBlock,
  signatureOf: Int32Array,
  count: number,
): Uint8Array {
  const seen = new Uint8Array(count * steps);
  for (let row = 0; row < signatureOf.length; row++) {
    const to = (signatureOf[row] as number) * steps;
    if (!present) seen.fill(1, to, to + steps);
    else
      for (let step = 0; step < steps; step++)
        seen[to + step] = (seen[to + step] as number) | (present[row * steps + step] as number);
  }
  return seen;
}

function keepWhere(
  block: VectorBlock,
  signatureOf: Int32Array,
  seen: Uint8Array,
  wanted: number,
): VectorBlock {
  const { series, steps, values } = block;
  const present = block.present ?? new Uint8Array(values.length).fill(1);
  for (let row = 0; row < signatureOf.length; row++) {
    const from = (signatureOf[row] as number) * steps;
    for (let step = 0; step < steps; step++)
      if (seen[from + step] !== wanted) present[row * steps + step] = 0;
  }
  return withoutEmptySeries(vectorBlock(series, steps, values, present));
}

/** Everything on the left, and on the right what has no partner on the left. */
function union(left: VectorBlock, right: VectorBlock, partners: Partners, run: Run): VectorBlock {
  const seen = presenceOfSignatures(left, partners.leftOf, partners.count);
  const rest = keepWhere(right, partners.rightOf, seen, 0);
  if (rest.series.length === 0) return left;
  if (left.series.length === 0) return rest;
  const both = concatenate(left, rest, run);
  return renameSeries(both, checkRepeats(both.series), run);
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
