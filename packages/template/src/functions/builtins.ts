import { print, printf, println } from '../format/printf.js';
import { isTrue, type MissingKey, type TemplateMethod, type TemplateValue, typeName } from '../value.js';
import { isEqual, isEqualToAny, isLess } from './compare.js';
import { elementOf, lengthOf, sliceOf } from './element.js';
import { escapeHtml, escapeQuery, escapeScript } from './escape.js';
import type { TemplateFunction, TemplateFunctions } from './template-function.js';

/** `and` and `or` stop at the first word that decides, so the executor evaluates their words itself. */
export const SHORT_CIRCUIT: ReadonlySet<string> = new Set(['and', 'or']);

/** The functions of Go's text/template, but for `and` and `or`. https://pkg.go.dev/text/template#hdr-Functions */
export function builtinFunctions(missingKey: MissingKey): TemplateFunctions {
  return BUILTINS[missingKey];
}

function builtins(missingKey: MissingKey): TemplateFunctions {
  return {
    not: one((value) => !isTrue(value)),
    len: one(lengthOf),
    index: { parameters: ['any', 'any'], isVariadic: true, call: elementOf(missingKey) },
    slice: { parameters: ['any', 'any'], isVariadic: true, call: sliceOf },
    call: { parameters: ['any', 'any'], isVariadic: true, call: callValue },
    ...COMPARISONS,
    ...PRINTERS,
  };
}

const one = (call: (value: TemplateValue) => TemplateValue): TemplateFunction => ({
  parameters: ['any'],
  call,
});
const two = (call: (a: TemplateValue, b: TemplateValue) => boolean): TemplateFunction => ({
  parameters: ['any', 'any'],
  call,
});
const any = (call: (...values: TemplateValue[]) => string): TemplateFunction => ({
  parameters: ['any'],
  isVariadic: true,
  call,
});

const COMPARISONS: TemplateFunctions = {
  eq: { parameters: ['any', 'any'], isVariadic: true, call: isEqualToAny },
  ne: two((a, b) => !isEqual(a, b)),
  lt: two(isLess),
  le: two((a, b) => isLess(a, b) || isEqual(a, b)),
  // Not the reverse of `le`: NaN is neither less nor equal.
  gt: two((a, b) => isLess(b, a)),
  ge: two((a, b) => isLess(b, a) || isEqual(a, b)),
};

const PRINTERS: TemplateFunctions = {
  print: any((...values) => print(values)),
  println: any((...values) => println(values)),
  printf: {
    parameters: ['string', 'any'],
    isVariadic: true,
    call: (format: string, ...values: TemplateValue[]) => printf(format, values),
  },
  html: any((...values) => escapeHtml(print(values))),
  js: any((...values) => escapeScript(print(values))),
  urlquery: any((...values) => escapeQuery(print(values))),
};

function callValue(target: TemplateValue, ...words: readonly TemplateValue[]): TemplateValue {
  if (typeof target !== 'function') throw new Error(`non-function of type ${typeName(target)}`);
  return (target as TemplateMethod)(...(words as readonly never[]));
}

const BUILTINS: Readonly<Record<MissingKey, TemplateFunctions>> = {
  empty: builtins('empty'),
  'no value': builtins('no value'),
  error: builtins('error'),
};
