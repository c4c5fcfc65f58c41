import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../clock/manual-clock.js';
import type { Logger } from '../contract/log.js';
import type { TaskDefinition, TaskRun } from '../contract/scheduler.js';
import type { SchedulerLimits } from './budgets.js';
import { createScheduler } from './scheduler.js';

const silentLog: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

function setUp(limits?: Partial<SchedulerLimits>) {
  const clock = new ManualClock();
  const scheduler = createScheduler({ clock, log: silentLog, ...(limits ? { limits } : {}) });
  const runs: { id: string; atMs: number; run: TaskRun }[] = [];
  const every = (id: string, everyMs: number, change: Partial<TaskDefinition> = {}) =>
    scheduler.schedule({
      id,
      plugin: 'test',
      trigger: { kind: 'interval', everyMs, phase: 'now' },
      timeoutMs: 5 * SECOND,
      run: async (run) => {
        runs.push({ id, atMs: clock.monotonicMs(), run });
      },
      ...change,
    });
  const timesOf = (id: string) => runs.filter((entry) => entry.id === id).map((entry) => entry.atMs);
  return { clock, scheduler, runs, every, timesOf };
}

/** A thousand tasks every 20 s, scheduled so long after the program started. */
async function started({ takingMs }: { readonly takingMs: number }) {
  const clock = new ManualClock();
  const limits = { perPlugin: 2_000, total: 4_000 };
  const scheduler = createScheduler({
    clock,
    log: silentLog,
    limits,
    startedMonotonicMs: clock.monotonicMs(),
  });
  await clock.advance(takingMs);
  const times = new Map<string, number[]>();
  for (let index = 0; index < 1_000; index++) {
    const id = `check/site-${index}`;
    times.set(id, []);
    scheduler.schedule({
      ...{ id, plugin: 'http', timeoutMs: SECOND, trigger: { kind: 'interval', everyMs: 20 * SECOND } },
      run: async () => void times.get(id)?.push(clock.monotonicMs()),
    });
  }
  await clock.advance(65 * SECOND - takingMs);
  const places = [...times.values()] as [number, number, number][];
  return { places, ranBefore: (atMs: number) => places.filter(([first]) => first < atMs).length };
}

/** Work that ends only when told to. */
function held() {
  const ends: (() => void)[] = [];
  return {
    run: () => new Promise<void>((resolve) => ends.push(resolve)),
    endAll: () => {
      for (const end of ends.splice(0)) end();
    },
  };
}

describe('an interval', () => {
  it('runs at once with phase now, and then in exact steps', async () => {
    const { clock, every, timesOf } = setUp();
    every('a', 10 * SECOND);
    await clock.advance(35 * SECOND);
    expect(timesOf('a')).toEqual([0, 10 * SECOND, 20 * SECOND, 30 * SECOND]);
  });

  it('gives every task a place of its own within the interval, the same after a restart', async () => {
    const places = async (startMs: number) => {
      const clock = new ManualClock(startMs);
      const scheduler = createScheduler({
        clock,
        log: silentLog,
        limits: { perPlugin: 2_000, total: 4_000 },
      });
      const found = new Map<string, number>();
      for (let index = 0; index < 1_000; index++) {
        const id = `check/site-${index}`;
        const run = async ({ dueMs }: TaskRun) => void found.set(id, dueMs % (20 * SECOND));
        scheduler.schedule({
          id,
          plugin: 'http',
          timeoutMs: SECOND,
          trigger: { kind: 'interval', everyMs: 20 * SECOND },
          run,
        });
      }
      await clock.advance(20 * SECOND);
      return found;
    };
    const [first, second] = [await places(1_000_000), await places(7_654_321)];
    expect(first.size).toBe(1_000);
    for (const [id, place] of first) expect(Math.abs(place - (second.get(id) ?? -1))).toBeLessThanOrEqual(1);
    const perSecond = Array.from(
      { length: 20 },
      (_, second) => [...first.values()].filter((place) => Math.floor(place / SECOND) === second).length,
    );
    expect(Math.max(...perSecond)).toBeLessThan(90);
    expect(Math.min(...perSecond)).toBeGreaterThan(20);
  });

  it('runs every task within one interval of the start of the program, and each in its place from then on', async () => {
    const { ranBefore, places } = await started({ takingMs: 2 * SECOND });
    expect(ranBefore(20 * SECOND)).toBe(1_000);
    expect(ranBefore(2 * SECOND + 1)).toBeGreaterThan(50);
    for (const [first, second, third] of places) {
      expect(third - second).toBe(20 * SECOND);
      expect(second - first).toBeLessThanOrEqual(20 * SECOND);
    }
  });

  it('keeps its place when it was paused before its made-up run', async () => {
    const clock = new ManualClock();
    const scheduler = createScheduler({ clock, log: silentLog, startedMonotonicMs: clock.monotonicMs() });
    await clock.advance(5 * SECOND);
    const times: number[] = [];
    const trigger = { kind: 'interval', everyMs: 5 * SECOND } as const;
    const run = async () => void times.push(clock.monotonicMs());
    const task = scheduler.schedule({ id: 'a', plugin: 'test', trigger, timeoutMs: SECOND, run });
    task.pause();
    await clock.advance(10 * SECOND);
    task.resume();
    await clock.advance(20 * SECOND);
    const steps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(steps).toEqual([5 * SECOND, 5 * SECOND, 5 * SECOND]);
  });

  it('makes up for nothing that passed before a file was read again', async () => {
    const { ranBefore } = await started({ takingMs: 10 * SECOND });
    expect(ranBefore(10 * SECOND + 1)).toBeLessThan(5);
    expect(ranBefore(30 * SECOND)).toBe(1_000);
  });

  it('does not notice that somebody sets the clock', async () => {
    const { clock, every, timesOf } = setUp();
    every('a', 10 * SECOND);
    await clock.advance(15 * SECOND);
    clock.jump(-3 * 60 * MINUTE);
    await clock.advance(10 * SECOND);
    clock.jump(5 * 60 * MINUTE);
    await clock.advance(10 * SECOND);
    expect(timesOf('a')).toEqual([0, 10_000, 20_000, 30_000]);
  });

  it('runs once after the machine has slept and counts the rest as missed', async () => {
    const { clock, every, timesOf } = setUp();
    const task = every('a', 10 * SECOND);
    await clock.advance(5 * SECOND);
    await clock.sleepMachine(60 * MINUTE);
    expect(timesOf('a')).toHaveLength(2);
    expect(task.stats().missed).toBe(359);
    await clock.advance(10 * SECOND);
    expect(timesOf('a')).toHaveLength(3);
  });
});

describe('a cron trigger', () => {
  const atHours = async (hours: number, expression: string, timeZone: string, startMs: number) => {
    const clock = new ManualClock(startMs);
    const scheduler = createScheduler({ clock, log: silentLog });
    const times: string[] = [];
    scheduler.schedule({
      id: 'report',
      plugin: 'report',
      timeoutMs: SECOND,
      trigger: { kind: 'cron', expression, timeZone },
      run: async () => void times.push(new Date(clock.now()).toISOString()),
    });
    await clock.advance(hours * 60 * MINUTE);
    await scheduler.stop();
    return times;
  };

  it('keeps to the time of day of its zone when summer time begins', async () => {
    const times = await atHours(60, '0 8 * * *', 'Europe/Berlin', Date.UTC(2026, 2, 28, 0));
    expect(times).toEqual([
      '2026-03-28T07:00:00.000Z',
      '2026-03-29T06:00:00.000Z',
      '2026-03-30T06:00:00.000Z',
    ]);
  });

  it('says when it is due next, however often it looks at the clock before', async () => {
    const clock = new ManualClock(Date.UTC(2026, 0, 1, 12));
    const scheduler = createScheduler({ clock, log: silentLog });
    const trigger = { kind: 'cron', expression: '0 8 * * *' } as const;
    const task = scheduler.schedule({
      id: 'report',
      plugin: 'report',
      timeoutMs: SECOND,
      trigger,
      run: async () => undefined,
    });
    await clock.advance(MINUTE);
    expect(task.stats().nextDueMs).toBe(Date.UTC(2026, 0, 2, 8));
    task.pause();
    expect(task.stats().nextDueMs).toBeUndefined();
  });

  it('runs at the new time within half a minute after the clock was set', async () => {
    const clock = new ManualClock(Date.UTC(2026, 0, 1, 7));
    const scheduler = createScheduler({ clock, log: silentLog });
    let runs = 0;
    scheduler.schedule({
      id: 'report',
      plugin: 'report',
      timeoutMs: SECOND,
      trigger: { kind: 'cron', expression: '0 8 * * *' },
      run: async () => void runs++,
    });
    await clock.advance(MINUTE);
    clock.jump(2 * 60 * MINUTE);
    await clock.advance(30 * SECOND);
    expect(runs).toBe(1);
    clock.jump(-2 * 60 * MINUTE);
    await clock.advance(3 * 60 * MINUTE);
    expect(runs).toBe(1);
  });
});

describe('a run', () => {
  it('never overlaps with the next one of its task, which is counted as missed', async () => {
    const { clock, every } = setUp();
    const work = held();
    const task = every('slow', 10 * SECOND, { run: work.run, timeoutMs: 60 * MINUTE });
    await clock.advance(35 * SECOND);
    expect(task.stats()).toMatchObject({ runs: 1, missed: 3 });
    work.endAll();
    await clock.advance(10 * SECOND);
    expect(task.stats()).toMatchObject({ runs: 2, missed: 3 });
  });

  it('is told to stop at its deadline, and the task goes on once it has', async () => {
    const { clock, every } = setUp();
    const errors: unknown[] = [];
    let aborted = 0;
    const task = every('hangs', 10 * SECOND, {
      run: ({ signal }) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve(void aborted++))),
      onError: (error) => errors.push(error),
    });
    await clock.advance(5 * SECOND);
    expect(aborted).toBe(1);
    expect(errors).toMatchObject([{ code: 'TASK_TIMEOUT' }]);
    await clock.advance(5 * SECOND);
    expect(task.stats()).toMatchObject({ runs: 2, timeouts: 1, failures: 1 });
  });

  it('has an aborted signal even when it asks for it after the deadline', async () => {
    const { clock, every, runs } = setUp();
    const work = held();
    every('late', MINUTE, {
      run: async (run) => {
        runs.push({ id: 'late', atMs: 0, run });
        await work.run();
      },
    });
    await clock.advance(10 * SECOND);
    expect(runs[0]?.run.signal.aborted).toBe(true);
  });

  it('gets its time again when the whole process stood still', async () => {
    const { clock, every } = setUp();
    const work = held();
    const task = every('innocent', MINUTE, { run: work.run });
    await clock.advance(SECOND);
    await clock.sleepMachine(20 * SECOND);
    expect(task.stats().timeouts).toBe(0);
    work.endAll();
    await clock.advance(SECOND);
    expect(task.stats()).toMatchObject({ timeouts: 0, failures: 0 });
  });

  it('that throws, at once or later, harms nobody and is told', async () => {
    const { clock, every, timesOf } = setUp();
    const errors: unknown[] = [];
    const onError = (error: unknown) => {
      errors.push((error as Error).message);
      throw new Error('a careless handler');
    };
    every('sync', 10 * SECOND, {
      run: () => {
        throw new Error('at once');
      },
      onError,
    });
    every('async', 10 * SECOND, { run: () => Promise.reject(new Error('later')), onError });
    every('sound', 10 * SECOND);
    await clock.advance(25 * SECOND);
    expect(timesOf('sound')).toEqual([0, 10_000, 20_000]);
    expect(errors.sort()).toEqual(['at once', 'at once', 'at once', 'later', 'later', 'later']);
  });
});

describe('budgets', () => {
  it('let a plugin that hangs for ever delay nobody else', async () => {
    const { clock, every, timesOf } = setUp({ total: 8, perPlugin: 6 });
    for (let index = 0; index < 50; index++)
      every(`hang-${index}`, SECOND, { plugin: 'bad', run: () => new Promise(() => undefined) });
    every('sound', SECOND);
    await clock.advance(30 * SECOND);
    expect(timesOf('sound')).toEqual(Array.from({ length: 31 }, (_, second) => second * SECOND));
  });

  it('let a busy machine delay no check of another machine', async () => {
    const { clock, every, timesOf } = setUp({ perHost: 2 });
    const work = held();
    for (let index = 0; index < 10; index++)
      every(`nas-${index}`, 10 * SECOND, { targetHost: 'nas', run: work.run, timeoutMs: MINUTE });
    every('web', 10 * SECOND, { targetHost: 'web' });
    await clock.advance(SECOND);
    expect(timesOf('web')).toEqual([0]);
  });

  it('let waiting tasks run in the order in which they were due', async () => {
    const { clock, scheduler } = setUp({ perPlugin: 1 });
    const order: number[] = [];
    for (let index = 0; index < 5; index++) {
      scheduler.schedule({
        id: `t${index}`,
        plugin: 'test',
        timeoutMs: MINUTE,
        trigger: { kind: 'interval', everyMs: MINUTE, phase: 'now' },
        run: async () => {
          order.push(index);
          await clock.sleep(100);
        },
      });
      await clock.advance(10);
    }
    await clock.advance(SECOND);
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('a task handle', () => {
  it('runs now, joining a run that is going', async () => {
    const { clock, every, timesOf } = setUp();
    const task = every('a', MINUTE);
    await clock.advance(0);
    await task.runNow();
    expect(timesOf('a')).toHaveLength(2);
    const work = held();
    const slow = every('slow', MINUTE, { run: work.run });
    await clock.advance(0);
    const joined = [slow.runNow(), slow.runNow()];
    work.endAll();
    await Promise.all(joined);
    expect(slow.stats().runs).toBe(1);
  });

  it('pauses and resumes', async () => {
    const { clock, every, timesOf } = setUp();
    const task = every('a', 10 * SECOND);
    await clock.advance(SECOND);
    task.pause();
    expect(task.state).toBe('paused');
    await clock.advance(MINUTE);
    expect(timesOf('a')).toHaveLength(1);
    task.resume();
    await clock.advance(10 * SECOND);
    expect(timesOf('a').length).toBeGreaterThan(1);
  });

  it('stops: aborts the run, waits for its end, and frees the id', async () => {
    const { clock, scheduler, every } = setUp();
    const order: string[] = [];
    const task = every('a', MINUTE, {
      run: ({ signal }) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve(void order.push('aborted')))),
    });
    await clock.advance(0);
    expect(() => every('a', MINUTE)).toThrow(expect.objectContaining({ code: 'TASK_DUPLICATE' }));
    await task.stop();
    expect(order).toEqual(['aborted']);
    expect(scheduler.get('a')).toBeUndefined();
    every('a', MINUTE);
  });

  it('does not wait for ever for a run that ignores its signal', async () => {
    const { clock, every } = setUp();
    const task = every('a', MINUTE, { run: () => new Promise(() => undefined) });
    await clock.advance(0);
    let ended = false;
    void task.stop(2 * SECOND).then(() => {
      ended = true;
    });
    await clock.advance(SECOND);
    expect(ended).toBe(false);
    await clock.advance(SECOND);
    expect(ended).toBe(true);
  });
});

describe('a stopped scheduler', () => {
  it('leaves no timer behind', async () => {
    const { clock, scheduler, every } = setUp();
    every('a', SECOND);
    every('b', MINUTE, { trigger: { kind: 'cron', expression: '*/5 * * * *' } });
    await clock.advance(10 * SECOND);
    await scheduler.stop();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('whatever the tasks do', () => {
  const task = fc.record({
    everyMs: fc.integer({ min: 1, max: 40 }).map((tenths) => tenths * 100),
    durationMs: fc.integer({ min: 0, max: 60 }).map((tenths) => tenths * 100),
    timeoutMs: fc.integer({ min: 1, max: 30 }).map((tenths) => tenths * 100),
    obedient: fc.boolean(),
    plugin: fc.constantFrom('p', 'q'),
    targetHost: fc.constantFrom(undefined, 'nas', 'web'),
  });

  it('no task overlaps with itself, no limit is exceeded, and every due time is a run or a miss', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(task, { minLength: 1, maxLength: 12 }), async (tasks) => {
        const limits = { total: 5, perPlugin: 4, perHost: 2 };
        const { clock, scheduler } = setUp(limits);
        const going = new Map<string, number>();
        const count = (key: string, by: number) => going.set(key, (going.get(key) ?? 0) + by);
        const handles = tasks.map(({ everyMs, durationMs, timeoutMs, obedient, plugin, targetHost }, index) =>
          scheduler.schedule({
            id: `t${index}`,
            plugin,
            ...(targetHost ? { targetHost } : {}),
            timeoutMs,
            trigger: { kind: 'interval', everyMs, phase: 'now' },
            run: async ({ signal, latenessMs }) => {
              expect(latenessMs).toBeGreaterThanOrEqual(0);
              count(`task t${index}`, 1);
              count(`plugin ${plugin}`, 1);
              expect(going.get(`task t${index}`)).toBe(1);
              expect(going.get(`plugin ${plugin}`)).toBeLessThanOrEqual(limits.perPlugin);
              await clock.sleep(durationMs, obedient ? signal : undefined).catch(() => undefined);
              count(`task t${index}`, -1);
              count(`plugin ${plugin}`, -1);
            },
            onError: (error) => expect(error).toMatchObject({ code: 'TASK_TIMEOUT' }),
          }),
        );
        await clock.advance(20 * SECOND);
        handles.forEach((handle, index) => {
          const { runs, missed } = handle.stats();
          const dueTimes = Math.floor((20 * SECOND) / (tasks[index]?.everyMs ?? 1)) + 1;
          const waiting = handle.state === 'queued' ? 1 : 0;
          expect(runs + missed + waiting).toBe(dueTimes);
        });
      }),
      { numRuns: 30 },
    );
  });
});
