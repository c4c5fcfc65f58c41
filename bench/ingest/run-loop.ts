import type { Scheduler, Storage, TaskDefinition, TaskHandle, TaskRun } from '@labkeeper/core';
import { createContainer, createEngine, EMPTY_PLAN } from '@labkeeper/engine';
import { CHECKS, checkInstance } from './check-load.js';

/** A scheduler that runs nothing by itself and hands out what it was given to run. */
function captiveScheduler(): { readonly scheduler: Scheduler; readonly tasks: TaskDefinition[] } {
  const tasks: TaskDefinition[] = [];
  const handle = (task: TaskDefinition): TaskHandle => ({
    id: task.id,
    state: 'waiting',
    runNow: () => Promise.resolve(),
    pause: () => undefined,
    resume: () => undefined,
    stop: () => Promise.resolve(),
    stats: () => ({ runs: 0, failures: 0, timeouts: 0, missed: 0, nextDueMs: 0 }),
  });
  const scheduler: Scheduler = {
    schedule: (task) => {
      tasks.push(task);
      return handle(task);
    },
    get: () => undefined,
    tasks: () => [],
    stop: () => Promise.resolve(),
  };
  return { scheduler, tasks };
}

/** CPU microseconds of one run without any timer: what the engine itself does to a result. */
export async function engineMicrosPerRun(storage: Storage, rounds: number): Promise<number> {
  const { scheduler, tasks } = captiveScheduler();
  const engine = createEngine(createContainer({ storage, scheduler }));
  let heard = 0;
  engine.events.on('check.result', () => void (heard += 1));
  await engine.start();
  await engine.apply({
    ...EMPTY_PLAN,
    checks: Array.from({ length: CHECKS }, (_, index) => checkInstance(index)),
  });
  const checks = tasks.filter(({ id }) => id.startsWith('check/'));
  const { signal } = new AbortController();
  const round = async () => {
    for (const task of checks) await task.run({ signal, dueMs: 0, latenessMs: 0.5 } satisfies TaskRun);
    await engine.ingest.flush();
  };
  for (let warmUp = 0; warmUp < 10; warmUp++) await round();
  heard = 0;
  const before = process.cpuUsage();
  for (let index = 0; index < rounds; index++) await round();
  const { user, system } = process.cpuUsage(before);
  await engine.stop();
  return (user + system) / heard;
}
