import { fillParameters, type RuleGroup, readRuleFile } from '@labkeeper/rules';
import type { PlannedRules, RulePackInstance } from './planned-rules.js';

/** A group with what identifies it, and what tells whether it has changed. */
export interface KeyedGroup {
  /** File or pack, and name: unique, and the same over restarts. */
  readonly key: string;
  readonly group: RuleGroup;
  readonly digest: string;
}

/** What to put into the placeholders of a pack. */
export type ValuesOf = (pack: RulePackInstance) => Readonly<Record<string, number>>;

/** Every group of a plan. Packs have been checked with the file's parameters; what others make of them is found in {@link packFaults}. */
export function groupsOf({ groups, packs }: PlannedRules, valuesOf: ValuesOf): readonly KeyedGroup[] {
  const ofPacks = packs.flatMap((pack) => readPack(pack, valuesOf(pack)).groups);
  return [...groups, ...ofPacks].map((group) => ({
    key: `${group.file}/${group.name}`,
    group,
    digest: digestOf(group),
  }));
}

/** What is wrong with a pack when its parameters have these values: one sentence each. */
export function packFaults(
  pack: RulePackInstance,
  values: Readonly<Record<string, number>>,
): readonly string[] {
  return readPack(pack, values).faults.map(({ message }) => message);
}

function readPack({ pack }: RulePackInstance, values: Readonly<Record<string, number>>) {
  const { text, faults } = fillParameters(pack.rules, values, pack.name);
  const read = readRuleFile(text, pack.name, { experimentalFunctions: true });
  return { groups: read.groups, faults: [...faults, ...read.faults] };
}

/** Everything of a group that counts. Its place in the file does not. */
function digestOf({ name, intervalMs, queryOffsetMs, limit, rules }: RuleGroup): string {
  const parts = rules.map((rule) => [
    ...[rule.kind, rule.name, rule.expressionText, rule.labels],
    ...(rule.kind === 'alerting' ? [rule.forMs, rule.keepFiringForMs, rule.annotations] : []),
  ]);
  return JSON.stringify([name, intervalMs, queryOffsetMs, limit, parts]);
}
