import {
  type Check,
  type Clock,
  type Collector,
  type Notification,
  type Notifier,
  type PluginContext,
  type RunContext,
  Secret,
} from '@labkeeper/core';
import {
  checkOptions,
  createRedactor,
  ManualClock,
  memoryStorage,
  resolveOptions,
  systemClock,
} from '@labkeeper/core/runtime';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { builtThreadModule } from '../../../fixtures/built-thread-module.js';
import { recordingLog } from '../../../fixtures/recording-log.js';
import { type IsolatedPlugin, isolatePlugin } from './isolated-plugin.js';

let threadModule: URL;
beforeAll(async () => {
  threadModule = await builtThreadModule();
});

const realClock = systemClock();
/** Time for pauses, pings and deadlines, pushed by hand: the threads themselves live in real time. */
let clock: ManualClock;
beforeEach(() => {
  clock = new ManualClock();
});

const open: IsolatedPlugin[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((plugin) => plugin.close()));
});

const log = () => recordingLog();

async function isolate(
  name: string,
  parts: {
    memoryBytes?: number;
    log?: ReturnType<typeof recordingLog>;
    redactor?: ReturnType<typeof createRedactor>;
    clock?: Clock;
  } = {},
) {
  const isolated = await isolatePlugin({
    packageName: name,
    url: new URL(`./testcases/${name}.js`, import.meta.url).href,
    memoryBytes: parts.memoryBytes ?? 64 * 2 ** 20,
    threadModule,
    clock: parts.clock ?? clock,
    log: parts.log ?? log(),
    secrets: parts.redactor ?? createRedactor(),
  });
  open.push(isolated);
  return isolated;
}

function contextFor(contribution: { options: unknown }, given: unknown, own = log()): PluginContext<unknown> {
  const storage = memoryStorage();
  return {
    options: resolveOptions(contribution.options as never, given as never),
    http: { request: () => Promise.reject(new Error('not here')) },
    log: own,
    clock,
    secrets: { protect: (text) => text },
    store: storage.records,
    query: {
      select: (matchers, from, to) => storage.samples.select(matchers, from, to),
      instant: async () => [],
      range: async () => [],
    },
    signal: new AbortController().signal,
  };
}

interface Runner {
  run(signal?: AbortSignal): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts an instance of a check as the engine does and returns how to run it. */
async function started(
  isolated: IsolatedPlugin,
  name: string,
  given: unknown = {},
  own = log(),
): Promise<Runner> {
  const check = isolated.plugin.checks?.find((each) => each.name === name) as Check;
  const context = contextFor(check, given, own);
  const state = await check.start?.(context as never);
  return {
    run: (signal = new AbortController().signal) =>
      check.check({ ...context, state, timeoutMs: 10_000, signal } as unknown as RunContext<never, unknown>),
    stop: async () => void (await check.stop?.(state)),
  };
}

/** How much later than asked a timer of this process fires, at worst, while `work` goes on. */
async function worstLatenessMs(work: Promise<unknown>): Promise<number> {
  let worstMs = 0;
  let isDone = false;
  const watching = (async () => {
    while (!isDone) {
      const beforeMs = realClock.monotonicMs();
      await realClock.sleep(5);
      worstMs = Math.max(worstMs, realClock.monotonicMs() - beforeMs - 5);
    }
  })();
  await work.catch(() => undefined);
  isDone = true;
  await watching;
  return worstMs;
}

/** Far below what a blocked event loop would show (seconds), and above the noise of a busy machine. */
const ON_TIME_MS = 250;

describe('a plugin in a thread', () => {
  it('has a context in which everything works', async () => {
    const redactor = createRedactor();
    const own = log();
    const isolated = await isolate('well-behaved', { redactor });
    const check = await started(isolated, 'well-behaved', { token: 'planted-token' }, own);
    expect(await check.run()).toEqual({
      status: 'up',
      message: 'Hello world, [secret]',
      details: { runs: 1, series: 0, timeoutMs: 10_000, aborted: false, hasTime: true, home: 'no admin key' },
    });
    expect(await check.run()).toMatchObject({ details: { runs: 2 } });
    expect(checkOptions(isolated.plugin.checks?.[0]?.options as never, { token: 'x' })).toEqual([]);
    expect(own.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'info started',
      'warn ran',
      'warn ran',
    ]);
    // Learned in the thread, hidden in the host.
    expect(redactor.redact('a learned-at-run-time b')).toBe('a [secret] b');
  });

  it('is seen from outside as a plugin like any other', async () => {
    const { plugin, inlineOnly, validate, target } = await isolate('well-behaved');
    expect(plugin).toMatchObject({ name: 'well-behaved', contract: '0.1.0', collectors: [{ job: 'well' }] });
    expect(inlineOnly).toEqual(['commands']);
    expect(await validate('checks', 'well-behaved', { token: new Secret('x') })).toEqual([]);
    expect(
      await validate('checks', 'well-behaved', { name: 'nobody', token: new Secret('x') }),
    ).toMatchObject([{ code: 'CONFIG_WRONG_VALUE', path: ['name'] }]);
    expect(await target('checks', 'well-behaved', { name: 'nas', token: new Secret('x') })).toEqual({
      entity: 'service:nas',
      host: 'nas.example',
      displayName: 'Hello nas',
    });
  });

  it('collects, and every double arrives bit for bit', async () => {
    const isolated = await isolate('well-behaved');
    const collector = isolated.plugin.collectors?.[0] as Collector;
    const context = contextFor(collector, {});
    const state = await collector.start?.(context as never);
    const seen = await collector.collect({ ...context, state, timeoutMs: 1_000 } as never);
    expect(seen.samples.map(({ value }) => value)).toEqual([Number.NaN, 1]);
  });

  it('fails with the kind of failure that the plugin threw', async () => {
    const isolated = await isolate('well-behaved');
    const notifier = isolated.plugin.notifiers?.[0] as Notifier;
    const context = contextFor(notifier, {});
    const state = await notifier.start?.(context as never);
    const notify = (text: string) =>
      notifier.notify({ text } as Notification, { ...context, state, timeoutMs: 1_000 } as never);
    await expect(notify('fine')).resolves.toBeUndefined();
    await expect(notify('retry')).rejects.toMatchObject({
      name: 'RetryFailure',
      code: 'RATE_LIMITED',
      retryAfterMs: 7_000,
    });
    await expect(notify('drop')).rejects.toMatchObject({ name: 'DropFailure', code: 'REQUEST_REFUSED' });
    await expect(notify('other')).rejects.toThrow('refused: other');
  });

  it('can receive commands until it is stopped', async () => {
    const isolated = await isolate('well-behaved');
    const notifier = isolated.plugin.notifiers?.[0] as Notifier;
    const context = contextFor(notifier, {});
    const state = await notifier.start?.(context as never);
    const received: string[] = [];
    const listening = notifier.listen?.({ ...context, state } as never, async ({ text }) => {
      received.push(text);
      await notifier.stop?.(state);
      return { blocks: [] };
    });
    await listening;
    expect(received).toEqual(['/status']);
  });

  it('prints into the log of the host', async () => {
    const hostLog = log();
    const isolated = await isolate('well-behaved', { log: hostLog });
    const check = await started(isolated, 'well-behaved', { token: 'planted-token' });
    await check.run();
    await expect.poll(() => hostLog.lines.map(({ message }) => message)).toContain('printed planted-token');
  });
});

describe('a plugin that misbehaves in its thread', () => {
  it('throws, and only that run fails', async () => {
    const isolated = await isolate('misbehaving');
    await expect((await started(isolated, 'misbehaving-throws')).run()).rejects.toThrow('I always throw');
    expect(await (await started(isolated, 'misbehaving-answers')).run()).toMatchObject({ status: 'up' });
  });

  it('hangs in a loop without end: the host stays on time, and the run fails with ISOLATION_CRASHED', async () => {
    const isolated = await isolate('misbehaving', { clock: realClock });
    const run = (await started(isolated, 'misbehaving-hangs')).run();
    expect(await worstLatenessMs(run)).toBeLessThan(ON_TIME_MS);
    await expect(run).rejects.toMatchObject({ code: 'ISOLATION_CRASHED' });
  }, 15_000);

  it('eats memory: the host stays on time, and the run fails with ISOLATION_CRASHED', async () => {
    const isolated = await isolate('misbehaving', { memoryBytes: 32 * 2 ** 20, clock: realClock });
    const run = (await started(isolated, 'misbehaving-eats-memory')).run();
    expect(await worstLatenessMs(run)).toBeLessThan(ON_TIME_MS);
    await expect(run).rejects.toMatchObject({ code: 'ISOLATION_CRASHED' });
  }, 15_000);

  it('eats memory beside its heap, and is found out', async () => {
    const isolated = await isolate('misbehaving', { memoryBytes: 32 * 2 ** 20, clock: realClock });
    const run = (await started(isolated, 'misbehaving-eats-buffers')).run();
    await expect(run).rejects.toThrow('beside its heap');
  }, 15_000);

  it('ends its thread: the run fails, a growing pause follows, and then it runs again', async () => {
    const isolated = await isolate('misbehaving');
    const [good, bad] = [
      await started(isolated, 'misbehaving-answers'),
      await started(isolated, 'misbehaving-exits'),
    ];
    await expect(bad.run()).rejects.toMatchObject({ code: 'ISOLATION_CRASHED' });
    await expect(good.run()).rejects.toThrow('started again in 1s');
    await clock.advance(1_000);
    expect(await good.run()).toMatchObject({ status: 'up' });
    await expect(bad.run()).rejects.toMatchObject({ code: 'ISOLATION_CRASHED' });
    await expect(good.run()).rejects.toThrow('started again in 2s');
    await clock.advance(2_000);
    expect(await good.run()).toMatchObject({ status: 'up' });
  });

  it('forgets a rejection, and goes on', async () => {
    const hostLog = log();
    const isolated = await isolate('misbehaving', { log: hostLog });
    const check = await started(isolated, 'misbehaving-rejects-later');
    expect(await check.run()).toMatchObject({ status: 'up' });
    expect(await check.run()).toMatchObject({ status: 'up' });
    await expect.poll(() => hostLog.lines.some(({ message }) => message.includes('forgotten'))).toBe(true);
  });

  it('answers with what cannot cross the border, and only that run fails', async () => {
    const isolated = await isolate('misbehaving');
    await expect((await started(isolated, 'misbehaving-answers-nonsense')).run()).rejects.toThrow(
      'could not be cloned',
    );
    expect(await (await started(isolated, 'misbehaving-answers')).run()).toMatchObject({ status: 'up' });
  });

  it('never ends a run: some seconds after the abort its thread is ended', async () => {
    const isolated = await isolate('misbehaving');
    const abort = new AbortController();
    const run = (await started(isolated, 'misbehaving-never-ends')).run(abort.signal);
    const outcome = expect(run).rejects.toThrow('went on after its abort');
    await clock.advance(0);
    abort.abort(new Error('the deadline'));
    for (let second = 0; second < 5; second++) {
      await clock.advance(1_000);
      // Waits for an answer of the thread, so that the pings before it are answered too.
      await isolated.validate('checks', 'misbehaving-answers', {}).catch(() => undefined);
    }
    await outcome;
  });

  it('cannot be imported, and says why', async () => {
    await expect(isolate('throwing-import')).rejects.toThrow('I need libfoo');
  });

  it('never ends its import, and is given up', async () => {
    const outcome = expect(isolate('hanging-import')).rejects.toMatchObject({ code: 'ISOLATION_CRASHED' });
    await clock.advance(1_000);
    await clock.advance(15_000);
    await outcome;
  });
});
