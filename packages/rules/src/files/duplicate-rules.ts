import { labelsKey } from '@labkeeper/core';
import type { RuleGroup } from './rule.js';
import type { YamlText } from './yaml-text.js';

/**
 * Warns of rules with the same name and labels, as promtool does. Prometheus accepts them; recording rules then overwrite each other,
 * and alerts cannot be told apart.
 */
export function reportDuplicateRules(yaml: YamlText, groups: readonly RuleGroup[]): void {
  const lines = new Map<string, number>();
  for (const { name: group, rules } of groups) {
    for (const { name, labels, line, column } of rules) {
      const key = `${name.length}:${name}${labelsKey(labels)}`;
      const first = lines.get(key);
      if (first === undefined) lines.set(key, line);
      else {
        const message = `duplicate rule: "${name}" with the same labels stands in line ${first}`;
        yaml.warn({ line, column }, 'RULES_DUPLICATE_RULE', message, { group, rule: name });
      }
    }
  }
}
