import { compileMatchers, type Labels, type Matcher } from '@labkeeper/core';

type LabelTest = (labels: Labels) => boolean;

const compiled = new WeakMap<readonly Matcher[], LabelTest>();

/**
 * Whether these labels meet all matchers; an empty list is met by everything. Compiled once per list, which must not be changed afterwards.
 * Throws STORAGE_INVALID for a broken expression. Called for every alert and every silence, rule and route.
 */
export function labelsMatch(matchers: readonly Matcher[], labels: Labels): boolean {
  const known = compiled.get(matchers);
  if (known) return known(labels);
  const test = compileMatchers(matchers);
  const onLabels: LabelTest = (found) => test({ name: '', labels: found });
  compiled.set(matchers, onLabels);
  return onLabels(labels);
}
