import { setTimeout as sleep } from 'node:timers/promises';
import { defineCheck, optionsObject, type Storage, type Verdict } from '@labkeeper/core';
import { createScheduler, systemClock } from '@labkeeper/core/runtime';
import { type CheckInstance, createContainer, createEngine, EMPTY_PLAN } from '@labkeeper/engine';

/** Runs a second in all: what one core is asked to bear. */
export const RUNS_PER_SECOND = 2_500;
export const CHECKS = 5_000;
const UP: Verdict = { status: 'up', message: 'HTTP 200', latencyMs: 12.5 };
/** Long enough for every check to have run once, and for the compiler. */
const WARM_UP_MS = 4_000;

const noOp = defineCheck({
  name: 'noop',
  summary: 'Does nothing.',
  options: optionsObject({}),
  metrics: [],
  schedule: { every: '2s', timeout: '1s' },
  target: () => ({ entity: 'service:noop' }),
  check: () => Promise.resolve(UP),
});

/** What one run of a check costs beside the check itself. */
export interface RunCost {
  readonly cpuMicros: number;
  readonly latenessP99Ms: number;
  readonly missed: number;
}

/** Five thousand checks that do nothing, on a running engine: scheduler, verdict, three samples and the event of each run. */
export async function runCost(storage: Storage, seconds: number): Promise<RunCost> {
  const engine = createEngine(createContainer({ storage }));
  // Somebody listens, as the live page does.
  let heard = 0;
  engine.events.on('check.result', () => void (heard += 1));
  await engine.start();
  await engine.apply({
    ...EMPTY_PLAN,
    checks: Array.from({ length: CHECKS }, (_, index) => checkInstance(index)),
  });
  await sleep(WARM_UP_MS);
  const runsBefore = heard;
  const before = process.cpuUsage();
  await sleep(seconds * 1_000);
  const { user, system } = process.cpuUsage(before);
  const runs = heard - runsBefore;
  const { latenessP99Ms, missed } = engine.stats().scheduler;
  await engine.stop();
  return { cpuMicros: (user + system) / Math.max(1, runs), latenessP99Ms, missed };
}

/** The part of it that is the scheduler's alone. */
export async function schedulerCostMicros(seconds: number): Promise<number> {
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
  };
  const scheduler = createScheduler({
    clock: systemClock(),
    log: { ...log, child: () => ({ ...log, child: () => log }) } as never,
  });
  let runs = 0;
  for (let index = 0; index < CHECKS; index++) {
    const { id, plugin, trigger, timeoutMs } = checkInstance(index);
    scheduler.schedule({
      ...{ id, plugin, trigger, timeoutMs },
      run: () => Promise.resolve(void (runs += 1)),
    });
  }
  await sleep(WARM_UP_MS);
  const runsBefore = runs;
  const before = process.cpuUsage();
  await sleep(seconds * 1_000);
  const { user, system } = process.cpuUsage(before);
  await scheduler.stop();
  return (user + system) / Math.max(1, runs - runsBefore);
}

export function checkInstance(index: number): CheckInstance {
  const name = `check-${index}`;
  return {
    ...{ id: `check/${name}`, name, plugin: 'bench', options: {}, digest: 'one', check: noOp },
    trigger: { kind: 'interval', everyMs: (CHECKS / RUNS_PER_SECOND) * 1_000 },
    timeoutMs: 1_000,
    entity: `service:${name}`,
    displayName: name,
    dependsOn: [],
    labels: {},
    severity: 'high',
    failuresBeforeDown: 2,
    successesBeforeUp: 1,
    paused: false,
  };
}
