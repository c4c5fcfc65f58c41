import { showValue } from '../format/format-value.js';
import { compareText, type TemplateValue, typeName } from '../value.js';

const INCOMPATIBLE = 'incompatible types for comparison';

/** `eq`: true when the first equals any of the others. Throws when the types do not fit, as Go does: 1 and 1.0 are never equal. */
export function isEqualToAny(first: TemplateValue, ...others: readonly TemplateValue[]): boolean {
  if (others.length === 0) throw new Error('missing argument for comparison');
  return others.some((other) => isEqual(first, other));
}

export function isEqual(a: TemplateValue, b: TemplateValue): boolean {
  const left = a ?? null;
  const right = b ?? null;
  if (left === null || right === null) return left === right;
  for (const value of [left, right])
    if (typeof value === 'object' || typeof value === 'function')
      throw new Error(`non-comparable type ${showValue(value)}: ${typeName(value)}`);
  if (typeof left !== typeof right) throw new Error(INCOMPATIBLE);
  return left === right;
}

/** `lt`. Throws for what has no order. */
export function isLess(a: TemplateValue, b: TemplateValue): boolean {
  if (typeof a !== typeof b) throw new Error(INCOMPATIBLE);
  if (typeof a === 'string') return compareText(a, b as string) < 0;
  if (typeof a === 'number') return a < (b as number);
  if (typeof a === 'bigint') return a < (b as bigint);
  throw new Error('invalid type for comparison');
}
