import type { ParseOptions } from '@labkeeper/promql';
import type { Node } from 'yaml';
import { reportDuplicateRules } from './duplicate-rules.js';
import { FieldReader, type Texts } from './field-reader.js';
import type { Rule, RuleGroup } from './rule.js';
import type { RuleFault } from './rule-fault.js';
import { RuleReader } from './rule-reader.js';
import { YamlText } from './yaml-text.js';

export interface RuleFileReading {
  /** Every group whose rules could be read; only to be used when there are no faults. */
  readonly groups: readonly RuleGroup[];
  /** Rules that stand in the file, those with faults included. */
  readonly ruleCount: number;
  /** All at once, in the order of the file. With any of them Prometheus would refuse the file. */
  readonly faults: readonly RuleFault[];
  /** What Prometheus accepts and people should know: duplicate rules, templates that will fail when the alert fires. */
  readonly warnings: readonly RuleFault[];
}

const GROUP_KEYS = ['name', 'interval', 'query_offset', 'limit', 'labels', 'rules'] as const;

/**
 * Reads a Prometheus rule file: strictly, as Prometheus 3 does, names in UTF-8 included. Throws nothing for what stands in the text.
 * `file` is only for messages. Called once per file at a start or reload.
 * https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/
 */
export function readRuleFile(text: string, file: string, parse: ParseOptions = {}): RuleFileReading {
  const yaml = new YamlText(file, text);
  const reader = new GroupsReader(yaml, parse);
  const groups = reader.read();
  reportDuplicateRules(yaml, groups);
  const inOrder = (a: RuleFault, b: RuleFault) => a.line - b.line || a.column - b.column;
  const { ruleCount } = reader;
  return { groups, ruleCount, faults: yaml.faults.sort(inOrder), warnings: yaml.warnings.sort(inOrder) };
}

class GroupsReader {
  readonly #fields: FieldReader;
  readonly #names = new Set<string>();
  ruleCount = 0;

  constructor(
    private readonly yaml: YamlText,
    private readonly parse: ParseOptions,
  ) {
    this.#fields = new FieldReader(yaml);
  }

  read(): RuleGroup[] {
    const { root } = this.yaml;
    if (!root || this.yaml.faults.length > 0) return [];
    const entries = this.#fields.entries(root, 'a file of rules', ['groups'], {});
    const list = entries?.get('groups');
    const groups = (list && this.yaml.list(list.value, "'groups'", {})) ?? [];
    return groups.flatMap((node) => this.#group(node) ?? []);
  }

  #group(node: Node): RuleGroup | undefined {
    const entries = this.#fields.entries(node, 'a group', GROUP_KEYS, {});
    if (!entries || this.yaml.isTooLarge) return undefined;
    const name = this.#fields.text(entries, 'name', {}) ?? '';
    const scope = { group: name };
    this.#checkName(name, entries.get('name')?.value ?? node);
    const intervalMs = this.#fields.durationMs(entries, 'interval', scope);
    const queryOffsetMs = this.#fields.durationMs(entries, 'query_offset', scope);
    const labels = this.#fields.labels(entries, 'labels', scope);
    return {
      file: this.yaml.file,
      name,
      ...(intervalMs !== undefined && intervalMs > 0 && { intervalMs }),
      ...(queryOffsetMs !== undefined && { queryOffsetMs }),
      limit: this.#fields.wholeNumber(entries, 'limit', scope) ?? 0,
      rules: this.#rules(entries.get('rules')?.value, name, labels),
      ...this.yaml.place(node),
    };
  }

  #checkName(name: string, at: Node): void {
    if (name === '') this.yaml.report(at, 'RULES_MISSING', 'Groupname must not be empty');
    else if (this.#names.has(name)) {
      const message = `groupname: "${name}" is repeated in the same file`;
      this.yaml.report(at, 'RULES_DUPLICATE_GROUP', message, { group: name });
    }
    this.#names.add(name);
  }

  #rules(list: Node | undefined, group: string, groupLabels: Texts): Rule[] {
    const items = (list && this.yaml.list(list, "'rules'", { group })) ?? [];
    this.ruleCount += items.length;
    const reader = new RuleReader(this.yaml, this.#fields, { group, groupLabels, parse: this.parse });
    return items.flatMap((node) => (this.yaml.isTooLarge ? [] : (reader.read(node) ?? [])));
  }
}
