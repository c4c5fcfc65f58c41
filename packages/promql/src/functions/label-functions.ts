import type { Labels } from '@labkeeper/core';
import { type Matcher, RE2JS } from 're2js';
import { PromqlError } from '../promql-error.js';
import { expandTemplate, parseTemplate } from './expand-template.js';

/** New labels out of the labels of one series (`__name__` among them); the same object when nothing changes. */
export type LabelChange = (labels: Labels) => Labels;

/** The arguments of label_replace, in the order in which they are written. */
export interface LabelReplacement {
  readonly destination: string;
  /** With `$1`, `${name}` for groups of the expression. */
  readonly replacement: string;
  readonly source: string;
  /** Must match the whole value. RE2 syntax: linear time, whatever somebody types. */
  readonly expression: string;
}

/** A lone surrogate: what the parser makes of a byte such as `\xff` that is no UTF-8. */
const BROKEN_TEXT = /\p{Cs}/u;

/**
 * label_replace: where the whole source label matches, the destination becomes the replacement; an empty one removes it. Compiled once per
 * call in an expression, applied once per series. Throws PromqlError (execution) for a broken expression or name.
 */
export function labelReplace({
  destination,
  replacement,
  source,
  expression,
}: LabelReplacement): LabelChange {
  const automaton = compile(expression);
  refuseBrokenName(destination, 'invalid destination label name in label_replace()');
  const parts = parseTemplate(replacement);
  return (labels) => {
    const matcher = automaton.matcher(labelOf(labels, source));
    if (!matcher.matches()) return labels;
    return withLabel(
      labels,
      destination,
      expandTemplate(parts, (group) => groupText(matcher, group)),
    );
  };
}

/**
 * label_join: the destination becomes the source labels with the separator between them; missing ones count as empty.
 * Compiled and applied as {@link labelReplace}. Throws PromqlError (execution) for a broken name.
 */
export function labelJoin(destination: string, separator: string, sources: readonly string[]): LabelChange {
  for (const source of sources) refuseBrokenName(source, 'invalid source label name in label_join()');
  refuseBrokenName(destination, 'invalid destination label name in label_join()');
  return (labels) => {
    const joined = sources.map((source) => labelOf(labels, source)).join(separator);
    return withLabel(labels, destination, joined);
  };
}

function compile(expression: string): RE2JS {
  try {
    // As in Prometheus, a dot matches line breaks too.
    return RE2JS.compile(expression, RE2JS.DOTALL);
  } catch {
    const message = `invalid regular expression in label_replace(): ${expression}`;
    throw new PromqlError('execution', message);
  }
}

/** Any text is a label name in Prometheus 3, except none and a broken one. */
function refuseBrokenName(name: string, complaint: string): void {
  if (name === '' || BROKEN_TEXT.test(name)) throw new PromqlError('execution', `${complaint}: ${name}`);
}

function groupText(matcher: Matcher, group: number | string): string {
  if (typeof group === 'number') return group <= matcher.groupCount() ? (matcher.group(group) ?? '') : '';
  return Object.hasOwn(matcher.namedGroups, group) ? (matcher.group(group) ?? '') : '';
}

function labelOf(labels: Labels, name: string): string {
  // `constructor` and its like are found on every object.
  return Object.hasOwn(labels, name) ? (labels[name] ?? '') : '';
}

function withLabel(labels: Labels, name: string, value: string): Labels {
  if (value === labelOf(labels, name)) return labels;
  const { [name]: _replaced, ...others } = labels;
  return value === '' ? others : { ...others, [name]: value };
}
