import { setTimeout as sleep } from 'node:timers/promises';
import { memoryStorage } from '@labkeeper/core/runtime';
import { createContainer, createEngine, EMPTY_PLAN } from '@labkeeper/engine';
import { readRuleFile } from '@labkeeper/rules';
import { EVERY_SECONDS, loadSeries, RULES, ruleFile } from './rule-load.js';

/** CPU of the whole engine in milliseconds: by an interval of all rules, and by the arrival of a sample of every series. */
export interface RuleCost {
  readonly perCycleMs: number;
  readonly perArrivalMs: number;
  readonly idlePerCycleMs: number;
}

/** An engine with the rules of the bench, in this process, over so many intervals. */
export async function labkeeperCost(cycles: number): Promise<RuleCost> {
  const engine = createEngine(createContainer({ storage: memoryStorage() }));
  await engine.start();
  const idleMs = await cpuPerCycle(cycles);
  const { groups, faults } = readRuleFile(ruleFile(), 'bench.yml');
  if (faults.length > 0) throw new Error(faults[0]?.message);
  const series = loadSeries();
  const write = () => {
    const values = Float64Array.from(series, (_, index) => index % 500);
    return engine.ingest.write({
      series,
      timesMs: new Array<number>(series.length).fill(Date.now()),
      values,
    });
  };
  await write();
  await engine.apply({ ...EMPTY_PLAN, rules: { groups, packs: [] } });
  // Each rule is evaluated a few times before anything counts: the first time it finds its series.
  await sleep(10 * EVERY_SECONDS * 1_000);
  const cycleMs = await cpuPerCycle(cycles);
  const arrivalMs = await cpuPerArrival(cycles, write);
  const evaluated = engine.rules
    .groups()
    .flatMap(({ rules }) => rules.filter(({ health }) => health === 'ok'));
  if (evaluated.length !== RULES) throw new Error(`only ${evaluated.length} rules were evaluated`);
  await engine.stop();
  return { perCycleMs: cycleMs - idleMs, perArrivalMs: arrivalMs, idlePerCycleMs: idleMs };
}

async function cpuPerCycle(cycles: number): Promise<number> {
  const before = process.cpuUsage();
  await sleep(cycles * EVERY_SECONDS * 1_000);
  return cpuMsSince(before) / cycles;
}

/** A sample of every series arrives: what that costs besides taking the samples in. */
async function cpuPerArrival(times: number, write: () => Promise<unknown>): Promise<number> {
  let spentMs = 0;
  for (let time = 0; time < times; time++) {
    await write();
    const before = process.cpuUsage();
    await sleep(1_000);
    spentMs += cpuMsSince(before);
  }
  return spentMs / times;
}

function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
