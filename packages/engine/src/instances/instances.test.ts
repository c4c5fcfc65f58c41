import { LabkeeperError, type Observations, type RunContext, Secret } from '@labkeeper/core';
import { describe, expect, it } from 'vitest';
import { EngineLab, EVERY, MINUTE, SECOND } from '../testing/engine-lab.js';

type Context = RunContext<unknown, unknown>;

const samplesOf = async (lab: EngineLab, name: string) => {
  await lab.engine.ingest.flush();
  const found = await lab.storage.samples.select(
    [{ label: '__name__', operator: '=', value: name }],
    0,
    Number.MAX_SAFE_INTEGER,
  );
  return found.map(({ series, values }) => ({ labels: series.labels, values: [...values] }));
};

describe('starting an instance', () => {
  it('that fails is tried again with growing pauses; until then its runs say why', async () => {
    const lab = new EngineLab();
    let tries = 0;
    const start = () => {
      tries += 1;
      if (tries < 5) throw new Error('no route to host');
      return 'connected';
    };
    await lab.run({ checks: [lab.check('web', {}, { start })] });
    expect(lab.status('web')).toMatchObject({
      raw: 'unknown',
      message: 'the check could not be started: no route to host',
    });
    expect(lab.engine.stats().failingInstances).toBe(1);
    await lab.clock.advance(14 * SECOND);
    expect(tries).toBe(4);
    await lab.clock.advance(2 * SECOND);
    expect(tries).toBe(5);
    await lab.rounds(1);
    expect(lab.status('web').status).toBe('up');
    expect(lab.engine.stats().failingInstances).toBe(0);
  });

  it('hands its state to every run, and to the stop', async () => {
    const lab = new EngineLab();
    const seen: unknown[] = [];
    const life = {
      start: async () => ({ session: 7 }),
      check: async ({ state }: Context) => {
        seen.push(state);
        return { status: 'up', message: '' } as const;
      },
      stop: (state: unknown) => void seen.push('stopped', state),
    };
    await lab.run({ checks: [lab.check('web', {}, life)] });
    await lab.rounds(1);
    await lab.run({ checks: [] });
    expect(seen).toEqual([{ session: 7 }, { session: 7 }, 'stopped', { session: 7 }]);
  });

  it('that hangs delays nobody, is given up, and is tidied up when it comes back after all', async () => {
    const lab = new EngineLab();
    let finish: (state: string) => void = () => undefined;
    const stopped: unknown[] = [];
    const life = {
      start: () => new Promise<string>((resolve) => (finish = resolve)),
      stop: (state: unknown) => void stopped.push(state),
    };
    await lab.run({ checks: [lab.check('slow', {}, life), lab.check('web')] });
    expect(lab.status('web').status).toBe('up');
    await lab.clock.advance(MINUTE);
    expect(lab.status('slow').message).toBe('the check could not be started: it did not start within 30 s');
    finish('too late');
    await lab.clock.advance(1);
    expect(stopped).toHaveLength(0);
    await lab.run({ checks: [lab.check('web')] });
    expect(stopped).toHaveLength(1);
  });

  it('ends at once when it is stopped meanwhile, and nothing of it is left', async () => {
    const lab = new EngineLab();
    let signal: AbortSignal | undefined;
    const start = (context: { readonly signal: AbortSignal }) => {
      signal = context.signal;
      return new Promise<void>((_, reject) =>
        context.signal.addEventListener('abort', () => reject(new Error('ended'))),
      );
    };
    await lab.run({ checks: [lab.check('slow', {}, { start: start as never })] });
    await lab.run({ checks: [] });
    expect(signal?.aborted).toBe(true);
    await lab.clock.advance(10 * MINUTE);
    expect(lab.puppet('slow').runs).toBe(0);
  });
});

describe('stopping an instance', () => {
  it.each([
    ['throws', () => Promise.reject(new Error('oops'))],
    ['hangs', () => new Promise<void>(() => undefined)],
  ])('that %s delays nobody for long', async (_, stop) => {
    const lab = new EngineLab();
    await lab.run({ checks: [lab.check('bad', {}, { start: () => 1, stop }), lab.check('web')] });
    const done = lab.engine.apply({ ...lab.plan, checks: [lab.check('web')] });
    await lab.clock.advance(3 * SECOND);
    expect(await done).toMatchObject({ stopped: ['check/bad'], kept: ['check/web'] });
    expect(lab.lines.some(({ level, fields }) => level === 'error' && fields.instance === 'check/bad')).toBe(
      true,
    );
  });

  it('waits for the run that is going on, ends it by its signal, and does not count what it says', async () => {
    const lab = new EngineLab();
    const order: string[] = [];
    const life = {
      start: () => undefined,
      check: ({ signal }: Context) =>
        new Promise((resolve) =>
          signal.addEventListener('abort', () => {
            order.push('run ended');
            resolve({ status: 'down', message: 'aborted' });
          }),
        ),
      stop: () => void order.push('stopped'),
    };
    await lab.run({ checks: [lab.check('web', { failuresBeforeDown: 1 }, life as never)] });
    await lab.run({ checks: [] });
    expect(order).toEqual(['run ended', 'stopped']);
    expect(lab.events('check.result')).toEqual([]);
  });

  it('does not wait for a run that ignores its signal', async () => {
    const lab = new EngineLab();
    lab.puppet('web').says = 'hang';
    await lab.run({ checks: [lab.check('web')] });
    const done = lab.engine.apply({ ...lab.plan, checks: [] });
    await lab.clock.advance(3 * SECOND);
    expect((await done).stopped).toEqual(['check/web']);
  });
});

describe('a plan', () => {
  it('starts, stops and keeps exactly what differs by digest', async () => {
    const lab = new EngineLab();
    await lab.run({ checks: [lab.check('a'), lab.check('b'), lab.check('c')] });
    const change = await lab.engine.apply({
      ...lab.plan,
      checks: [lab.check('a'), lab.check('b', { digest: 'two' }), lab.check('d')],
    });
    expect(change).toEqual({
      started: ['check/b', 'check/d'],
      stopped: ['check/b', 'check/c'],
      kept: ['check/a'],
    });
    await lab.rounds(1);
    expect([lab.puppet('a').runs, lab.puppet('c').runs, lab.puppet('d').runs]).toEqual([2, 1, 2]);
    expect(lab.engine.checks.list().items.map(({ id }) => id)).toEqual(['a', 'b', 'd']);
    expect(lab.events('plan.applied').at(-1)).toEqual({ change });
  });

  it('that is applied twice changes nothing the second time', async () => {
    const lab = new EngineLab();
    await lab.run({ checks: [lab.check('a')], channels: [lab.channel('slack')] });
    expect(await lab.engine.apply(lab.plan)).toEqual({
      started: [],
      stopped: [],
      kept: ['check/a', 'notify/slack'],
    });
  });

  it('is applied after the one before it, not into it', async () => {
    const lab = new EngineLab();
    await lab.engine.start();
    const [first, second] = [
      lab.engine.apply({ ...lab.plan, checks: [lab.check('a')] }),
      lab.engine.apply({ ...lab.plan, checks: [] }),
    ];
    expect([(await first).started, (await second).stopped]).toEqual([['check/a'], ['check/a']]);
    expect(lab.engine.checks.list().total).toBe(0);
  });

  it('makes the entities known that it names and watches', async () => {
    const lab = new EngineLab();
    await lab.run({
      entities: [{ id: 'server:nas', displayName: 'NAS', dependsOn: ['network:switch'] }],
      checks: [lab.check('web')],
    });
    expect(lab.engine.entities.list().items).toMatchObject([
      { id: 'server:nas', displayName: 'NAS', lastSeenMs: 0 },
      { id: 'service:web', lastSeenMs: expect.any(Number) },
    ]);
  });
});

describe('a collector', () => {
  it('brings samples with its labels and entities under the name that the file gives', async () => {
    const lab = new EngineLab();
    const collect = async () => ({
      samples: [{ name: 'node_load1', value: 0.5 }],
      entities: [
        { id: 'server:hostname', attributes: { kernel: '6.1' } },
        { id: 'disk:hostname/sda', parent: 'server:hostname' },
      ] as const,
    });
    const life = { target: () => ({ entity: 'server:hostname' as const }), job: 'node' };
    await lab.run({
      collectors: [lab.collector('nas', collect, { entity: 'server:nas', labels: { site: 'home' } }, life)],
    });
    expect(await samplesOf(lab, 'node_load1')).toEqual([
      { labels: { job: 'node', instance: 'nas', site: 'home' }, values: [0.5] },
    ]);
    expect(lab.engine.entities.get('server:nas')).toMatchObject({ attributes: { kernel: '6.1' } });
    expect(lab.engine.entities.get('disk:hostname/sda')).toMatchObject({ parent: 'server:nas' });
    expect(lab.engine.entities.get('server:hostname')).toBeUndefined();
  });

  it('that passes on metrics of others says itself which job and instance they are of', async () => {
    const lab = new EngineLab();
    const collect = async (): Promise<Observations> => ({
      samples: [
        { name: 'up', labels: { job: 'node', instance: 'nas:9100' }, value: 1 },
        { name: 'push_time_seconds', labels: { job: 'batch' }, value: 5 },
      ],
    });
    const life = { otherMetrics: 'any' as const, job: 'prometheus' };
    await lab.run({ collectors: [lab.collector('scrape', collect, { labels: { site: 'home' } }, life)] });
    expect(await samplesOf(lab, 'up')).toEqual([
      { labels: { job: 'node', instance: 'nas:9100', site: 'home' }, values: [1] },
    ]);
    expect(await samplesOf(lab, 'push_time_seconds')).toEqual([
      { labels: { job: 'batch', site: 'home' }, values: [5] },
    ]);
  });

  it('may say itself what it watches', async () => {
    const lab = new EngineLab();
    const collect = async () => ({ samples: [{ name: 'a', value: 1 }], entity: 'vm:media' as const });
    await lab.run({ collectors: [lab.collector('pve', collect, { entity: undefined as never })] });
    expect((await samplesOf(lab, 'a'))[0]?.labels).toMatchObject({ instance: 'media' });
  });

  it('that throws counts as failed, stores nothing, says so and goes on', async () => {
    const lab = new EngineLab();
    let isBroken = true;
    const collect = async () => {
      if (isBroken) throw new Error('EACCES');
      return { samples: [{ name: 'a', value: 1 }] };
    };
    await lab.run({ collectors: [lab.collector('nas', collect)] });
    expect(lab.events('task.failed')).toEqual([{ id: 'collect/nas', plugin: 'gatherers', reason: 'EACCES' }]);
    isBroken = false;
    await lab.clock.advance(10 * SECOND);
    expect(await samplesOf(lab, 'a')).toHaveLength(1);
  });

  it('that comes back after its deadline brings nothing', async () => {
    const lab = new EngineLab();
    let finish: (seen: { samples: { name: string; value: number }[] }) => void = () => undefined;
    await lab.run({ collectors: [lab.collector('nas', () => new Promise((resolve) => (finish = resolve)))] });
    await lab.clock.advance(6 * SECOND);
    finish({ samples: [{ name: 'a', value: 1 }] });
    await lab.clock.advance(1);
    expect(await samplesOf(lab, 'a')).toEqual([]);
    expect(lab.events('task.failed')).toMatchObject([{ id: 'collect/nas' }]);
  });

  it('whose samples are nonsense harms no other one', async () => {
    const lab = new EngineLab();
    const nonsense = async () =>
      ({ samples: 'lots', entities: [{ id: 'no id' }, { id: 'server:ok' }] }) as never;
    await lab.run({
      collectors: [
        lab.collector('bad', nonsense),
        lab.collector('good', async () => ({ samples: [{ name: 'a', value: 1 }] })),
      ],
    });
    expect(await samplesOf(lab, 'a')).toHaveLength(1);
    expect(lab.engine.entities.get('server:ok')).toBeDefined();
  });
});

describe('the samples of a check', () => {
  it('come from each verdict, with the labels of the check', async () => {
    const lab = new EngineLab();
    const check = lab.check('web', { entity: 'site:example.org', labels: { team: 'a' } });
    lab
      .puppet('web')
      .is('up', '', { latencyMs: 250, samples: [{ name: 'probe_http_status_code', value: 200 }] });
    await lab.run({ checks: [check] });
    for (const status of ['degraded', 'down', 'unknown'] as const) {
      lab.puppet('web').is(status);
      await lab.rounds(1);
    }
    const labels = { job: 'puppet', instance: 'example.org', check: 'web', team: 'a' };
    expect(await samplesOf(lab, 'probe_success')).toEqual([{ labels, values: [1, 1, 0] }]);
    expect(await samplesOf(lab, 'probe_duration_seconds')).toEqual([{ labels, values: [0.25] }]);
    expect(await samplesOf(lab, 'labkeeper_check_status')).toEqual([{ labels, values: [0, 1, 2, 3] }]);
    expect(await samplesOf(lab, 'probe_http_status_code')).toEqual([{ labels, values: [200] }]);
  });
});

describe('the context of a plugin', () => {
  /** Runs a check once and hands out the context it was given. */
  async function contextOf(parts: ConstructorParameters<typeof EngineLab>[0] = {}) {
    const lab = new EngineLab(parts);
    let found: Context | undefined;
    const check = async (context: Context) => {
      found = context;
      return { status: 'up', message: '' } as const;
    };
    await lab.run({ checks: [lab.check('web', { plugin: 'my-plugin' }, { check } as never)] });
    return { lab, context: found! };
  }

  it('has collections of its own, which no other plugin can see', async () => {
    const { lab, context } = await contextOf();
    await context.store.collection<number>({ name: 'cursors' }).put('a', 1);
    expect(await lab.storage.records.collection({ name: 'my_plugin__cursors' }).count()).toBe(1);
    expect(await lab.storage.records.collection({ name: 'cursors' }).count()).toBe(0);
  });

  it('reads samples, by matchers and by PromQL', async () => {
    const { lab, context } = await contextOf();
    await lab.engine.ingest.flush();
    const found = await context.query.select(
      [{ label: 'check', operator: '=', value: 'web' }],
      0,
      lab.clock.now(),
    );
    expect(found.map(({ series }) => series.name).sort()).toEqual([
      'labkeeper_check_status',
      'probe_success',
    ]);
    const [now] = await context.query.instant('sum by (check) (probe_success{check="web"})');
    expect(now).toMatchObject({ labels: { check: 'web' }, value: found[1]?.values[0] });
    const span = { fromMs: lab.clock.now() - 1_000, toMs: lab.clock.now(), stepMs: 1_000 };
    const [series] = await context.query.range('probe_success{check="web"}', span);
    expect(series?.series).toMatchObject({ name: 'probe_success', labels: { check: 'web' } });
    await expect(context.query.instant('sum(')).rejects.toThrow('parse error');
  });

  it('keeps secrets that a plugin learns out of everything that is shown', async () => {
    const { lab, context } = await contextOf();
    context.secrets.protect('session-token-123');
    expect(lab.redactor.redact('got session-token-123')).toBe('got [secret]');
  });

  it('survives being spread, and its log carries who speaks', async () => {
    const { lab, context } = await contextOf();
    const copy = { ...context };
    expect(copy.signal.aborted).toBe(false);
    copy.log.info('hello');
    expect(lab.lines.at(-1)).toMatchObject({
      message: 'hello',
      fields: { plugin: 'my-plugin', instance: 'check/web' },
    });
    expect(copy.timeoutMs).toBe(5 * SECOND);
  });

  it('ends the requests of a run with the run', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const http = {
      request: ({ signal }: { readonly signal?: AbortSignal }) => {
        signals.push(signal);
        return new Promise<never>((_, reject) =>
          signal?.addEventListener('abort', () => reject(signal.reason as Error)),
        );
      },
    };
    const lab = new EngineLab({ http });
    const own = new AbortController();
    const check = async (context: Context) => {
      await Promise.any([
        context.http.request({ url: 'http://a' }),
        context.http.request({ url: 'http://b', signal: own.signal }),
      ]);
    };
    await lab.run({ checks: [lab.check('web', {}, { check } as never)] });
    expect(signals.map((signal) => signal?.aborted)).toEqual([false, false]);
    own.abort(new Error('enough'));
    expect(signals.map((signal) => signal?.aborted)).toEqual([false, true]);
    await lab.clock.advance(5 * SECOND);
    expect(signals[0]?.reason).toBeInstanceOf(LabkeeperError);
  });
});

describe('one slow or crashing plugin', () => {
  it('delays no other one', async () => {
    const lab = new EngineLab();
    const bad = { plugin: 'bad' };
    lab.puppet('hangs').says = 'hang';
    lab.puppet('throws').says = new Error('crash');
    const throwsAtOnce = () => {
      throw new Error('not even a promise');
    };
    await lab.run({
      checks: [
        ...[lab.check('hangs', bad), lab.check('throws', bad), lab.check('web')],
        lab.check('sync', bad, { check: throwsAtOnce }),
        lab.check('start', bad, { start: throwsAtOnce }),
      ],
      collectors: [lab.collector('hangs', () => new Promise(() => undefined), bad)],
    });
    await lab.rounds(4);
    expect(lab.puppet('web').runs).toBe(5);
    expect(lab.status('web').beats).toBe('uuuuu');
    expect(lab.status('sync')).toMatchObject({
      raw: 'unknown',
      message: 'the check itself failed: not even a promise',
    });
  });
});

describe('a secret', () => {
  it('reaches no log line, event, status, alert, message, journal or sample', async () => {
    const lab = new EngineLab();
    const token = 'tok-0123456789-secret';
    lab.redactor.protect(token);
    const leak = `GET /?token=${token} failed`;
    const options = { token: new Secret(token) };
    lab.puppet('down').is('down', leak, {
      details: { url: leak },
      samples: [{ name: 'leak', labels: { url: leak }, value: 1 }],
    });
    lab.puppet('throws').says = new Error(leak);
    const collect = async () => ({
      samples: [],
      entities: [{ id: 'server:nas', attributes: { note: leak } } as const],
    });
    await lab.run({
      checks: [
        lab.check('down', { options }),
        lab.check('throws', { options }),
        lab.check('start', {}, { start: () => Promise.reject(new Error(leak)) }),
      ],
      collectors: [
        lab.collector('nas', collect),
        lab.collector('throws', () => Promise.reject(new Error(leak))),
      ],
      channels: [
        lab.channel('slack'),
        lab.channel('broken', {}, { notify: () => Promise.reject(new Error(leak)) }),
      ],
    });
    await lab.rounds(3);
    const { engine } = lab;
    const seen = JSON.stringify([
      lab.heard,
      lab.lines,
      engine.checks.list(),
      await engine.alerts.list(),
      engine.entities.list(),
      engine.channels.list(),
      await engine.journal.recent({ limit: 1_000 }),
      lab.mailbox('slack').arrived,
      await lab.storage.samples.series([]),
      engine.metrics(),
    ]);
    expect(lab.mailbox('slack').arrived.length).toBeGreaterThan(1);
    expect(seen).toContain('[secret]');
    expect(seen).not.toContain(token);
  });
});

describe('runs of one instance', () => {
  it('never overlap', async () => {
    const lab = new EngineLab();
    lab.puppet('web').says = 'hang';
    await lab.run({ checks: [lab.check('web')] });
    await lab.clock.advance(10 * EVERY);
    expect(lab.puppet('web').runs).toBe(1);
  });
});
