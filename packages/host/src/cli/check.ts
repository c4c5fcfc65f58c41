import type { PlannedRules } from '@labkeeper/engine';
import { readRulePack } from '../config/plan-rule-pack.js';
import { readConfigOnce, showFaults } from './read-config.js';

/** `labkeeper check`: 0 and one line when the file is right, 1 and every fault otherwise. */
export async function check(file: string | undefined): Promise<void> {
  const reading = await readConfigOnce(file);
  showFaults(reading, reading.redactor);
  if (reading.config) process.stdout.write(`${summary(reading.parts.file, reading.config.plan)}\n`);
  await reading.parts.loader.close();
  process.exitCode = reading.config ? 0 : 1;
}

interface Counted {
  readonly collectors: readonly unknown[];
  readonly checks: readonly unknown[];
  readonly channels: readonly unknown[];
  readonly entities: readonly unknown[];
  readonly rules?: PlannedRules;
}

function summary(file: string | undefined, plan: Counted): string {
  const counts = [
    count(plan.collectors.length, 'collector'),
    count(plan.checks.length, 'check'),
    count(plan.channels.length, 'channel'),
    count(plan.entities.length, 'entity', 'entities'),
    count(countRules(plan.rules), 'rule'),
  ];
  return `${file ?? 'No file: this machine is watched'}: right. ${counts.join(', ')}.`;
}

/** Rules of files, and those of packs. */
function countRules(planned: PlannedRules | undefined): number {
  const { groups = [], packs = [] } = planned ?? {};
  const ofPacks = packs.flatMap(({ pack, parameters }) => readRulePack(pack, parameters).groups);
  return [...groups, ...ofPacks].reduce((sum, { rules }) => sum + rules.length, 0);
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
