import assert from 'node:assert/strict';
import type { RulePack } from '@labkeeper/core';
import { fillParameters, readRuleFile } from '@labkeeper/rules';
import { type ConformanceCase, registerCases } from './conformance-case.js';

/** A rule pack under test. */
export interface RulePackSubject {
  readonly pack: RulePack;
}

/** Promises of every rule pack. */
export const rulePackCases: readonly ConformanceCase<RulePackSubject>[] = [
  {
    name: 'has a name in small words and a summary that is a sentence',
    run({ pack }) {
      assert.match(pack.name, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
      assert.match(pack.summary, /^[A-Z].*\.$/);
    },
  },
  {
    name: 'describes each parameter, and has a place for each',
    run({ pack }) {
      for (const [name, { description, default: value }] of Object.entries(pack.parameters ?? {})) {
        assert.match(name, /^[a-z][a-z0-9_]*$/);
        assert.match(description, /\.$/, `${name}: the description is a sentence`);
        assert.ok(Number.isFinite(value), `${name}: the default is a number`);
      }
      assert.deepEqual(filled(pack).faults, []);
    },
  },
  {
    name: 'has rules that can be read with its defaults, without a warning',
    run({ pack }) {
      const { groups, faults, warnings } = readRuleFile(filled(pack).text, pack.name, {
        experimentalFunctions: true,
      });
      assert.deepEqual([...faults, ...warnings], []);
      assert.ok(
        groups.some(({ rules }) => rules.length > 0),
        'a pack has rules',
      );
    },
  },
  {
    name: 'has a summary and a severity for every alert: people are told by them',
    run({ pack }) {
      const { groups } = readRuleFile(filled(pack).text, pack.name, { experimentalFunctions: true });
      for (const rule of groups.flatMap(({ rules }) => rules)) {
        if (rule.kind !== 'alerting') continue;
        assert.ok(rule.annotations.summary, `${rule.name} has a summary`);
        assert.ok(rule.labels.severity, `${rule.name} has a severity`);
      }
    },
  },
];

/** Registers the suite for a rule pack. */
export function conformRulePack(pack: RulePack): void {
  registerCases({ name: `rules ${pack.name} conform`, cases: rulePackCases, subject: { pack } });
}

function filled({ name, rules, parameters = {} }: RulePack) {
  const defaults = Object.entries(parameters).map(([key, { default: value }]) => [key, value] as const);
  return fillParameters(rules, Object.fromEntries(defaults), name);
}
