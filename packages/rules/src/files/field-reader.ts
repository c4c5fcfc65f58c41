import { type Labels, METRIC_NAME_LABEL, parseDuration } from '@labkeeper/core';
import type { Node } from 'yaml';
import { nearestKey } from './nearest-key.js';
import type { Entries, FaultScope, YamlText } from './yaml-text.js';

const WHOLE_NUMBER = /^[+-]?\d{1,9}$/;

/** A text, and where it and its key stand. */
export interface PlacedText {
  readonly text: string;
  readonly key: Node;
  readonly value: Node;
}

export type Texts = ReadonlyMap<string, PlacedText>;

/** Reads values of the types that rule files and their tests have; what does not fit becomes a fault at its place. */
export class FieldReader {
  constructor(private readonly yaml: YamlText) {}

  /** A mapping in which only these keys may stand. */
  entries(node: Node, what: string, allowed: readonly string[], scope: FaultScope): Entries | undefined {
    const entries = this.yaml.mapping(node, what, scope);
    if (entries) this.checkKeys(entries, what, allowed, scope);
    return entries;
  }

  checkKeys(entries: Entries, what: string, allowed: readonly string[], scope: FaultScope): void {
    for (const [name, { key }] of entries) {
      if (allowed.includes(name)) continue;
      const nearest = nearestKey(name, allowed);
      const hint = nearest ? `did you mean '${nearest}'?` : `allowed are ${allowed.join(', ')}`;
      this.yaml.report(key, 'RULES_UNKNOWN_KEY', `unknown key '${name}' in ${what}; ${hint}`, scope);
    }
  }

  text(entries: Entries, name: string, scope: FaultScope): string | undefined {
    const entry = entries.get(name);
    return entry && this.yaml.scalar(entry.value, `'${name}'`, scope);
  }

  /** A duration in Prometheus' notation, such as `1h30m`; `0` needs no unit. */
  durationMs(entries: Entries, name: string, scope: FaultScope): number | undefined {
    const text = this.text(entries, name, scope);
    if (text === undefined) return undefined;
    const ms = text === '0' ? 0 : parseDuration(text);
    if (ms === undefined) this.#reportValue(entries, name, `not a valid duration string: "${text}"`, scope);
    return ms;
  }

  wholeNumber(entries: Entries, name: string, scope: FaultScope): number | undefined {
    const text = this.text(entries, name, scope);
    if (text === undefined) return undefined;
    if (WHOLE_NUMBER.test(text)) return Number(text);
    this.#reportValue(entries, name, `'${name}' must be a whole number, not '${text}'`, scope);
    return undefined;
  }

  #reportValue(entries: Entries, name: string, message: string, scope: FaultScope): void {
    this.yaml.report(entries.get(name)?.value ?? 0, 'RULES_WRONG_VALUE', message, scope);
  }

  /** A mapping of names to texts, such as labels, with the places of both. Empty when the key is not there. */
  texts(entries: Entries, name: string, scope: FaultScope): Texts {
    const texts = new Map<string, PlacedText>();
    const entry = entries.get(name);
    const found = entry && this.yaml.mapping(entry.value, `'${name}'`, scope);
    for (const [label, { key, value }] of found ?? []) {
      const text = this.yaml.scalar(value, `'${label}'`, scope);
      if (text !== undefined) texts.set(label, { text, key, value });
    }
    return texts;
  }

  /** The same for labels: every name may stand in UTF-8, as Prometheus 3 has it, but for `__name__`. */
  labels(entries: Entries, name: string, scope: FaultScope): Texts {
    const texts = this.texts(entries, name, scope);
    for (const [label, { key }] of texts)
      if (label === '' || label === METRIC_NAME_LABEL)
        this.yaml.report(key, 'RULES_WRONG_VALUE', `invalid label name: ${label}`, scope);
    return texts;
  }
}

/** The texts alone. */
export function withoutPlaces(texts: Texts): Labels {
  const labels: Record<string, string> = {};
  for (const [name, { text }] of texts) labels[name] = text;
  return labels;
}
