import { createHash } from 'node:crypto';
import { type Matcher, RE2JS } from 're2js';
import type { RelabelOptions } from './relabel-options.js';
import { expandTemplate } from './replacement.js';

/** Labels while they are rewritten; `__name__` is one of them. */
export type LabelMap = Map<string, string>;

/** Rewrites labels in place; false when what they belong to is to be dropped. */
export type Relabel = (labels: LabelMap) => boolean;

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** True for a name that a label may have between rules: those that begin with `__` included. */
export function isRelabelName(name: string): boolean {
  return LABEL_NAME.test(name);
}

/**
 * One function out of many rules, which are applied in their order until one drops. Meaning as in Prometheus'
 * `model/relabel`. Throws for a broken expression. Compile once; the result is called once per new series.
 */
export function compileRelabel(rules: readonly RelabelOptions[]): Relabel {
  const compiled = rules.map(compileRule);
  return (labels) => compiled.every((rule) => rule(labels));
}

/** The expression of a rule, for the whole text; dots match line breaks. Throws for a broken one. */
export function compileRegex(regex: string): RE2JS {
  return RE2JS.compile(regex, RE2JS.DOTALL);
}

function compileRule(rule: RelabelOptions): Relabel {
  const { target_label: target = '', modulus = 1 } = rule;
  const regex = compileRegex(rule.regex);
  const source: (labels: LabelMap) => string = (labels) =>
    rule.source_labels.map((name) => labels.get(name) ?? '').join(rule.separator);
  switch (rule.action) {
    case 'replace':
      return replaceRule(rule, source, regex);
    case 'keep':
      return (labels) => regex.matches(source(labels));
    case 'drop':
      return (labels) => !regex.matches(source(labels));
    case 'keepequal':
      return (labels) => (labels.get(target) ?? '') === source(labels);
    case 'dropequal':
      return (labels) => (labels.get(target) ?? '') !== source(labels);
    case 'lowercase':
      return (labels) => put(labels, target, source(labels).toLowerCase());
    case 'uppercase':
      return (labels) => put(labels, target, source(labels).toUpperCase());
    case 'hashmod':
      return (labels) => put(labels, target, hashModulo(source(labels), modulus));
    case 'labelmap':
      return (labels) => mapNames(labels, regex, rule.replacement);
    case 'labeldrop':
      return (labels) => removeNames(labels, (name) => regex.matches(name));
    case 'labelkeep':
      return (labels) => removeNames(labels, (name) => !regex.matches(name));
  }
}

function replaceRule(rule: RelabelOptions, source: (labels: LabelMap) => string, regex: RE2JS): Relabel {
  return (labels) => {
    const match = wholeMatch(regex, source(labels));
    if (!match) return true;
    const target = expandTemplate(rule.target_label ?? '', match);
    // A name made from values may come out wrong; as in Prometheus, such a series stays as it is.
    return isRelabelName(target) ? put(labels, target, expandTemplate(rule.replacement, match)) : true;
  };
}

function wholeMatch(regex: RE2JS, text: string): Matcher | undefined {
  const match = regex.matcher(text);
  return match.matches() ? match : undefined;
}

/** An empty value is no label. */
function put(labels: LabelMap, name: string, value: string): true {
  if (value === '') labels.delete(name);
  else labels.set(name, value);
  return true;
}

function mapNames(labels: LabelMap, regex: RE2JS, replacement: string): true {
  for (const [name, value] of [...labels]) {
    const match = wholeMatch(regex, name);
    if (match) put(labels, expandTemplate(replacement, match), value);
  }
  return true;
}

function removeNames(labels: LabelMap, isUnwanted: (name: string) => boolean): true {
  for (const name of [...labels.keys()]) if (isUnwanted(name)) labels.delete(name);
  return true;
}

/** The last eight bytes of the MD5, big-endian: what Prometheus takes, so that shards agree with its own. */
function hashModulo(text: string, modulus: number): string {
  const low = createHash('md5').update(text).digest().readBigUInt64BE(8);
  return String(low % BigInt(modulus));
}
