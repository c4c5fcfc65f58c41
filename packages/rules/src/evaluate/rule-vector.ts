import type { InstantValue } from '@labkeeper/core';
import type { QueryValue } from '@labkeeper/promql';

/** The result of a rule's expression as samples; a plain number is one without labels. Throws for texts and ranges, as Prometheus does. */
export function ruleVector(value: QueryValue): readonly InstantValue[] {
  if (value.type === 'vector') return value.values;
  if (value.type === 'scalar') return [{ labels: {}, timeMs: value.timeMs, value: value.value }];
  throw new Error('rule result is not a vector or scalar');
}
