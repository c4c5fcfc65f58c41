import { ManualClock, memoryStorage } from '@labkeeper/core/runtime';
import { describe, expect, it } from 'vitest';
import { addressGroup } from './address-group.js';
import { AttemptThrottle } from './attempt-throttle.js';
import { SESSION_LIFE_MS, SESSIONS, SessionStore } from './session-store.js';

describe('the address by which attempts are counted', () => {
  it.each([
    ['192.168.1.20', '192.168.1.20'],
    ['::ffff:192.168.1.20', '192.168.1.20'],
    ['::1', '0:0:0:0::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::7', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['unix', 'unix'],
  ])('of %s is %s', (address, group) => {
    expect(addressGroup(address)).toBe(group);
  });
});

describe('attempts that fail', () => {
  const stage = () => {
    const clock = new ManualClock();
    return { clock, throttle: new AttemptThrottle(clock, { failures: 3, windowMs: 60_000 }) };
  };

  it('make an address wait until the window is over', async () => {
    const { clock, throttle } = stage();
    throttle.fail('a');
    await clock.advance(10_000);
    throttle.fail('a');
    expect(throttle.waitMs('a')).toBe(0);
    throttle.fail('a');
    expect(throttle.waitMs('a')).toBe(50_000);
    expect(throttle.waitMs('b')).toBe(0);
    await clock.advance(50_000);
    expect(throttle.waitMs('a')).toBe(0);
  });

  it('are forgotten after a success', () => {
    const { throttle } = stage();
    throttle.fail('a');
    throttle.fail('a');
    throttle.succeed('a');
    throttle.fail('a');
    expect(throttle.waitMs('a')).toBe(0);
  });

  it('of very many addresses need no more memory than of ten thousand', () => {
    const { throttle } = stage();
    for (let count = 0; count < 3; count++) throttle.fail('first');
    for (let count = 0; count < 10_000; count++) throttle.fail(String(count));
    expect(throttle.waitMs('first')).toBe(0);
  });
});

describe('sessions', () => {
  const stage = () => {
    const clock = new ManualClock();
    const { records } = memoryStorage();
    return { clock, records, sessions: new SessionStore(records, clock) };
  };

  it('belong to the key they were opened with', async () => {
    const { sessions } = stage();
    const id = await sessions.open('k1');
    expect(id).toMatch(/^[\w-]{43}$/);
    expect(await sessions.use(id)).toMatchObject({ keyId: 'k1' });
    expect(await sessions.use(`${id}x`)).toBeUndefined();
  });

  it('survive a restart', async () => {
    const { sessions, records, clock } = stage();
    const id = await sessions.open('k1');
    expect(await new SessionStore(records, clock).use(id)).toMatchObject({ keyId: 'k1' });
  });

  it('are stored in a form that helps nobody to log in', async () => {
    const { sessions, records } = stage();
    const id = await sessions.open('k1');
    const page = await records.collection(SESSIONS).list();
    expect(JSON.stringify(page)).not.toContain(id);
    expect(await sessions.use(page.records[0]?.key ?? '')).toBeUndefined();
  });

  it('end after thirty days without use, and begin anew with each use', async () => {
    const { sessions, clock } = stage();
    const id = await sessions.open('k1');
    await clock.advance(SESSION_LIFE_MS - 1);
    expect(await sessions.use(id)).toBeDefined();
    await clock.advance(SESSION_LIFE_MS - 1);
    expect(await sessions.use(id)).toBeDefined();
    await clock.advance(SESSION_LIFE_MS);
    expect(await sessions.use(id)).toBeUndefined();
  });

  it('are cleared away when they have ended', async () => {
    const { sessions, clock, records } = stage();
    await sessions.open('k1');
    await clock.advance(SESSION_LIFE_MS);
    await sessions.open('k2');
    expect(await records.collection(SESSIONS).count()).toBe(1);
  });

  it('end when they are closed', async () => {
    const { sessions } = stage();
    const id = await sessions.open('k1');
    const { hash = '' } = (await sessions.use(id)) ?? {};
    expect(await sessions.isOpen(hash)).toBe(true);
    await sessions.close(hash);
    expect(await sessions.isOpen(hash)).toBe(false);
    expect(await sessions.use(id)).toBeUndefined();
  });

  it('are not written down with every use', async () => {
    const { sessions, clock, records } = stage();
    const id = await sessions.open('k1');
    const version = async () => (await records.collection(SESSIONS).list()).records[0]?.version;
    const before = await version();
    await clock.advance(3_600_000);
    await sessions.use(id);
    expect(await version()).toBe(before);
    await clock.advance(1);
    await sessions.use(id);
    expect(await version()).not.toBe(before);
  });
});
