import type { Node } from 'yaml';
import type { FieldReader, Texts } from './field-reader.js';
import type { FaultScope, YamlText } from './yaml-text.js';

const RULE_KEYS = ['record', 'alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'] as const;
export type RuleKey = (typeof RULE_KEYS)[number];

/** A rule as it stands in the file: of the right types, not yet of the right content. Every key is read once, so no fault is told twice. */
export interface RuleSource {
  readonly scope: FaultScope;
  /** Empty when it has none. */
  readonly record: string;
  readonly alert: string;
  readonly name: string;
  readonly expr: string;
  readonly forMs: number;
  readonly keepFiringForMs: number;
  readonly labels: Texts;
  readonly annotations: Texts;
  /** Where the value of a key stands, or the rule when it has no such key. */
  readonly valueAt: (key: RuleKey) => Node;
  readonly keyAt: (key: RuleKey) => Node;
  readonly node: Node;
}

/** Undefined, and a fault, for what is no mapping. */
export function readRuleSource(
  node: Node,
  group: string,
  { yaml, fields }: { yaml: YamlText; fields: FieldReader },
): RuleSource | undefined {
  const entries = yaml.mapping(node, 'a rule', { group });
  if (!entries) return undefined;
  const text = (key: RuleKey, scope: FaultScope) => fields.text(entries, key, scope) ?? '';
  const [record, alert] = [text('record', { group }), text('alert', { group })];
  const name = alert || record;
  const scope = name === '' ? { group } : { group, rule: name };
  fields.checkKeys(entries, 'a rule', RULE_KEYS, scope);
  return {
    ...{ scope, record, alert, name, node },
    expr: text('expr', scope),
    forMs: fields.durationMs(entries, 'for', scope) ?? 0,
    keepFiringForMs: fields.durationMs(entries, 'keep_firing_for', scope) ?? 0,
    labels: fields.labels(entries, 'labels', scope),
    annotations: fields.texts(entries, 'annotations', scope),
    valueAt: (key) => entries.get(key)?.value ?? node,
    keyAt: (key) => entries.get(key)?.key ?? node,
  };
}
