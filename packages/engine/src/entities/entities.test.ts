import { describe, expect, it } from 'vitest';
import { EngineLab, MINUTE, SECOND } from '../testing/engine-lab.js';
import { countingStorage, unreliableStorage } from '../testing/faulty-storage.js';

describe('an entity', () => {
  it('grows by what is seen of it, and says what was new', async () => {
    const lab = new EngineLab();
    await lab.engine.start();
    const { entities } = lab.engine;
    await entities.observe({
      id: 'server:nas',
      displayName: 'NAS',
      attributes: { os: 'Debian' },
      labels: { site: 'home' },
    });
    await lab.clock.advance(SECOND);
    await entities.observe({
      id: 'server:nas',
      attributes: { kernel: '6.1' },
      dependsOn: ['network:switch'],
    });
    await entities.observe({ id: 'server:nas', attributes: { os: 'Debian' } });
    expect(entities.get('server:nas')).toEqual({
      ...{ id: 'server:nas', kind: 'server', name: 'nas', displayName: 'NAS', dependsOn: ['network:switch'] },
      ...{ attributes: { os: 'Debian', kernel: '6.1' }, labels: { site: 'home' } },
      ...{ firstSeenMs: lab.clock.now() - SECOND, lastSeenMs: lab.clock.now() },
    });
    expect(lab.events('entity.seen').map(({ change }) => change)).toEqual(['new', 'changed', 'seen']);
  });

  it('that is only declared was never seen', async () => {
    const lab = new EngineLab();
    await lab.engine.start();
    expect(await lab.engine.entities.declare({ id: 'server:nas' })).toMatchObject({ lastSeenMs: 0 });
    await lab.engine.entities.observe({ id: 'server:nas' });
    expect(await lab.engine.entities.declare({ id: 'server:nas', displayName: 'NAS' })).toMatchObject({
      lastSeenMs: lab.clock.now(),
    });
  });

  it('is written when it changes, not when it is seen; when it was last seen survives all the same', async () => {
    const { storage, writes } = countingStorage();
    const lab = new EngineLab({ storage });
    const collect = async () => ({
      samples: [],
      entities: [{ id: 'server:nas', attributes: { os: 'Debian' } } as const],
    });
    await lab.run({ collectors: [lab.collector('nas', collect)] });
    const before = writes.records;
    await lab.clock.advance(4 * MINUTE);
    expect(writes.records).toBe(before);
    await lab.clock.advance(2 * MINUTE);
    expect(writes.records).toBe(before + 1);
    const seenMs = lab.engine.entities.get('server:nas')!.lastSeenMs;
    const next = lab.reborn();
    await next.engine.start();
    expect(seenMs - next.engine.entities.get('server:nas')!.lastSeenMs).toBeLessThanOrEqual(5 * MINUTE);
    expect(next.engine.entities.get('server:nas')).toMatchObject({ attributes: { os: 'Debian' } });
  });

  it('is seen when a check reaches it, and not when it does not', async () => {
    const lab = new EngineLab();
    await lab.run({ checks: [lab.check('web', { entity: 'server:nas' })] });
    const seenMs = lab.engine.entities.get('server:nas')!.lastSeenMs;
    lab.puppet('web').is('down');
    await lab.rounds(2);
    expect(lab.engine.entities.get('server:nas')!.lastSeenMs).toBe(seenMs);
    lab.puppet('web').is('up');
    await lab.rounds(1);
    expect(lab.engine.entities.get('server:nas')!.lastSeenMs).toBeGreaterThan(seenMs);
  });

  it('has the worst status of its checks', async () => {
    const lab = new EngineLab();
    const on = { entity: 'server:nas', failuresBeforeDown: 1 } as const;
    lab.puppet('b').is('degraded');
    await lab.run({
      checks: [lab.check('a', on), lab.check('b', on), lab.check('c', { ...on, paused: true })],
    });
    expect(lab.engine.entities.statusOf('server:nas')).toBe('degraded');
    lab.puppet('a').is('down');
    await lab.rounds(1);
    expect(lab.engine.entities.statusOf('server:nas')).toBe('down');
    expect(lab.engine.entities.statusOf('server:other')).toBe('unknown');
  });

  it('can be forgotten, and is told', async () => {
    const lab = new EngineLab();
    await lab.engine.start();
    await lab.engine.entities.observe({ id: 'server:nas' });
    expect(await lab.engine.entities.remove('server:nas')).toBe(true);
    expect(await lab.engine.entities.remove('server:nas')).toBe(false);
    expect(lab.events('entity.removed')).toEqual([{ id: 'server:nas' }]);
    const next = lab.reborn();
    await next.engine.start();
    expect(next.engine.entities.get('server:nas')).toBeUndefined();
  });

  it('with an id that is none is refused', async () => {
    const lab = new EngineLab();
    await lab.engine.start();
    await expect(lab.engine.entities.observe({ id: 'nas' as never })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    });
  });

  it('is listed by kind and page', async () => {
    const lab = new EngineLab();
    await lab.engine.start();
    for (const id of ['vm:b', 'server:a', 'server:c', 'server:b'] as const)
      await lab.engine.entities.observe({ id });
    const page = lab.engine.entities.list({ kind: 'server' }, { limit: 2 });
    expect(page).toMatchObject({ total: 3, items: [{ id: 'server:a' }, { id: 'server:b' }] });
    expect(
      lab.engine.entities.list({ kind: 'server' }, { limit: 2, cursor: page.nextCursor }).items,
    ).toMatchObject([{ id: 'server:c' }]);
  });

  it('that could not be written because the store was away is written with the next one', async () => {
    const { storage, control } = unreliableStorage();
    const lab = new EngineLab({ storage });
    await lab.engine.start();
    control.isAway = true;
    await expect(lab.engine.entities.observe({ id: 'server:a' })).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
    });
    control.isAway = false;
    await lab.engine.entities.observe({ id: 'server:b' });
    const next = lab.reborn();
    await next.engine.start();
    expect(next.engine.entities.list().items.map(({ id }) => id)).toEqual(['server:a', 'server:b']);
  });
});
