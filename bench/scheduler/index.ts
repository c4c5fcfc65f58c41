import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@labkeeper/core';
import { createScheduler, systemClock } from '@labkeeper/core/runtime';
import type { BenchOptions, BenchReport, BenchRun, Figure } from '../report.js';

/** Runs a second in all, whatever the number of tasks: what one core is asked to bear. */
const RUNS_PER_SECOND = 2_500;
const TASK_COUNTS = [1_000, 10_000, 50_000] as const;

const silentLog: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};

/** What one way of scheduling cost. */
interface Measurement {
  readonly cpuMicrosPerRun: number;
  readonly latenessP50Ms: number;
  readonly latenessP99Ms: number;
  readonly runs: number;
}

/** The scheduler beside one `setInterval` per task, in the same process, one after the other. */
export const run: BenchRun = async ({ quick }: BenchOptions): Promise<BenchReport> => {
  const figures: Figure[] = [];
  for (const tasks of TASK_COUNTS) figures.push(...(await measurePair(tasks, quick ? 3 : 15)));
  return {
    title: `Scheduler: ${RUNS_PER_SECOND} runs a second of tasks that do nothing`,
    figures,
    notes: [
      'CPU is user and system time of the process over the runs it did. `setInterval` bunches timers of one interval',
      'together and measures no deadline, no overlap and no budget; it is the floor, not a rival.',
    ],
  };
};

async function measurePair(tasks: number, seconds: number): Promise<Figure[]> {
  const everyMs = (tasks / RUNS_PER_SECOND) * 1_000;
  const ours = await measure(seconds, (note) => startScheduler(tasks, everyMs, note));
  const floor = await measure(seconds, (note) => startIntervals(tasks, everyMs, note));
  const label = `${tasks} tasks`;
  return [
    {
      key: `cpu_us_per_run_${tasks}`,
      label: `CPU per run, ${label}`,
      value: ours.cpuMicrosPerRun,
      unit: 'µs',
      references: [{ name: 'setInterval', value: floor.cpuMicrosPerRun }],
    },
    {
      key: `lateness_p50_ms_${tasks}`,
      label: `Lateness p50, ${label}`,
      value: ours.latenessP50Ms,
      unit: 'ms',
    },
    {
      key: `lateness_p99_ms_${tasks}`,
      label: `Lateness p99, ${label}`,
      value: ours.latenessP99Ms,
      unit: 'ms',
      must: { atMost: 20 },
      references: [{ name: 'setInterval', value: floor.latenessP99Ms }],
    },
    { key: `runs_${tasks}`, label: `Runs, ${label}`, value: ours.runs, unit: '' },
  ];
}

/** Starts something that calls `note` at every run, and returns what stops it. */
type Start = (note: (latenessMs: number) => void) => () => Promise<void>;

async function measure(seconds: number, start: Start): Promise<Measurement> {
  const lateness: number[] = [];
  const stop = start((latenessMs) => void lateness.push(latenessMs));
  // The first second belongs to the compiler.
  await sleep(1_000);
  lateness.length = 0;
  const before = process.cpuUsage();
  await sleep(seconds * 1_000);
  const { user, system } = process.cpuUsage(before);
  await stop();
  lateness.sort((a, b) => a - b);
  return {
    cpuMicrosPerRun: (user + system) / Math.max(1, lateness.length),
    latenessP50Ms: lateness[Math.floor(lateness.length * 0.5)] ?? 0,
    latenessP99Ms: lateness[Math.floor(lateness.length * 0.99)] ?? 0,
    runs: lateness.length,
  };
}

function startScheduler(
  tasks: number,
  everyMs: number,
  note: (latenessMs: number) => void,
): () => Promise<void> {
  const scheduler = createScheduler({ clock: systemClock(), log: silentLog });
  for (let index = 0; index < tasks; index++) {
    scheduler.schedule({
      id: `check/site-${index}`,
      plugin: 'bench',
      trigger: { kind: 'interval', everyMs },
      timeoutMs: 10_000,
      run: ({ latenessMs }) => {
        note(latenessMs);
        return Promise.resolve();
      },
    });
  }
  return () => scheduler.stop();
}

function startIntervals(
  tasks: number,
  everyMs: number,
  note: (latenessMs: number) => void,
): () => Promise<void> {
  const timers: NodeJS.Timeout[] = [];
  for (let index = 0; index < tasks; index++) {
    const place = (index / tasks) * everyMs;
    let dueMs = performance.now() + place;
    const tick = () => {
      note(Math.max(0, performance.now() - dueMs));
      dueMs += everyMs;
    };
    timers.push(
      setTimeout(() => {
        tick();
        timers.push(setInterval(tick, everyMs));
      }, place),
    );
  }
  return () => {
    for (const timer of timers) clearInterval(timer);
    return Promise.resolve();
  };
}
