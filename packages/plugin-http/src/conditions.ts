import { compilePattern, quoteText } from '@labkeeper/toolbox';
import type { Conditions } from './http-options.js';

/** Says what is wrong with a value, as the end of a sentence, or undefined when all is well. */
export type ValueTest = (value: unknown) => string | undefined;

type Maker = (conditions: Conditions) => ValueTest | undefined;

/** One maker for each condition; absent conditions make no test. */
const MAKERS: readonly Maker[] = [
  ({ equals }) =>
    equals === undefined
      ? undefined
      : (value) => failUnless(value === equals, `to be ${show(equals)}`, value),
  ({ contains }) =>
    contains === undefined
      ? undefined
      : (value) => failUnless(textOf(value).includes(contains), `to contain '${contains}'`, value),
  ({ matches }) => {
    if (matches === undefined) return undefined;
    const pattern = compilePattern(matches);
    return (value) => failUnless(pattern.isIn(textOf(value)), `to match '${matches}'`, value);
  },
  ({ min }) =>
    min === undefined
      ? undefined
      : (value) => failUnless(numberOf(value) >= min, `to be at least ${min}`, value),
  ({ max }) =>
    max === undefined
      ? undefined
      : (value) => failUnless(numberOf(value) <= max, `to be at most ${max}`, value),
];

/**
 * Compiles conditions on one value. `exists` is left to the caller, who knows how a value can be missing.
 * Throws a RangeError for a broken expression.
 */
export function compileConditions(conditions: Conditions): ValueTest {
  const tests = MAKERS.map((make) => make(conditions)).filter((test) => test !== undefined);
  return (value) => {
    for (const test of tests) {
      const fault = test(value);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
}

function failUnless(isMet: boolean, wish: string, found: unknown): string | undefined {
  return isMet ? undefined : `${wish}, got ${show(found)}`;
}

/** Texts in quotes, everything else as JSON, cut to what fits in a sentence. */
function show(value: unknown): string {
  return typeof value === 'string' ? `'${quoteText(value)}'` : quoteText(JSON.stringify(value) ?? 'nothing');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** Products write numbers as text now and then. Anything else is NaN, which meets no bound. */
function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}
