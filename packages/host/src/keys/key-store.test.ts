import { createRedactor, ManualClock, memoryStorage } from '@labkeeper/core/runtime';
import { describe, expect, it } from 'vitest';
import { KeyStore } from './key-store.js';

function setUp(presetKey?: string) {
  const clock = new ManualClock();
  const { records } = memoryStorage();
  const secrets = createRedactor();
  const open = () => new KeyStore({ records, clock, secrets, presetKey });
  return { clock, records, secrets, open, keys: open() };
}

describe('keys', () => {
  it('lets in who has one, under the name and role it was made for', async () => {
    const { keys } = setUp();
    const { key, info } = await keys.add('phone', 'operator');
    expect(key).toMatch(/^lk_[\w-]{43}$/);
    expect(await keys.verify(key)).toEqual({ kind: 'key', id: info.id, name: 'phone', role: 'operator' });
    expect(await keys.verify(`${key}x`)).toBeUndefined();
    expect(await keys.verify('')).toBeUndefined();
  });

  it('stores no key, only its hash', async () => {
    const { keys, records } = setUp();
    const { key } = await keys.add('phone', 'viewer');
    const { records: stored } = await records.collection({ name: 'api_keys' }).list();
    expect(JSON.stringify(stored)).not.toContain(key.slice(3));
    expect(JSON.stringify(stored)).toMatch(/"hash":"[0-9a-f]{64}"/);
  });

  it('are still known after a restart, with when they were last used', async () => {
    const { keys, open, clock } = setUp();
    const { key } = await keys.add('phone', 'viewer');
    await clock.advance(60_000);
    await keys.verify(key);
    await clock.advance(0);
    const again = open();
    expect(await again.verify(key)).toMatchObject({ name: 'phone' });
    expect(await again.list()).toMatchObject([
      { name: 'phone', lastUsedAtMs: Date.UTC(2026, 0, 1) + 60_000 },
    ]);
  });

  it('are refused from the moment they are revoked, and their sessions too', async () => {
    const { keys } = setUp();
    const { key, info } = await keys.add('phone', 'viewer');
    expect(await keys.actorOf(info.id)).toMatchObject({ name: 'phone' });
    expect(await keys.revoke(info.id)).toBe(true);
    expect(await keys.verify(key)).toBeUndefined();
    expect(await keys.actorOf(info.id)).toBeUndefined();
    expect(await keys.revoke(info.id)).toBe(false);
  });

  it('that another process adds or revokes count within half a minute', async () => {
    const { keys, open, clock } = setUp();
    const other = open();
    const { key, info } = await other.add('elsewhere', 'viewer');
    expect(await keys.verify(key)).toMatchObject({ name: 'elsewhere' });
    await other.revoke(info.id);
    await clock.advance(30_000);
    expect(await keys.verify(key)).toBeUndefined();
  });

  it('are looked up in the store at most once a second, whoever is guessing', async () => {
    const { records, clock, secrets } = setUp();
    let lists = 0;
    const counting = {
      ...records,
      transaction: records.transaction.bind(records),
      collection: (declaration: never) => {
        const collection = records.collection(declaration);
        return Object.assign(Object.create(collection) as typeof collection, {
          list: (query: never) => {
            lists++;
            return collection.list(query);
          },
        });
      },
    };
    const keys = new KeyStore({ records: counting as never, clock, secrets });
    for (let guess = 0; guess < 1_000; guess++) await keys.verify(`guess-${guess}`);
    expect(lists).toBe(1);
  });

  it('are protected from being printed as soon as they exist', async () => {
    const { keys, secrets } = setUp();
    const { key } = await keys.add('phone', 'viewer');
    expect(secrets.redact(`key ${key}`)).toBe('key [secret]');
  });

  it('get the first admin once, at the first start', async () => {
    const { keys, open } = setUp();
    const key = await keys.ensureAdmin();
    expect(await keys.verify(key ?? '')).toMatchObject({ role: 'admin' });
    expect(await open().ensureAdmin()).toBeUndefined();
  });

  it('that are preset have another id each, so that sessions of an old one end with it', async () => {
    const idOf = async (text: string) => (await setUp(text).keys.verify(text))?.id;
    expect(await idOf('a-preset-key-of-mine')).toBe(await idOf('a-preset-key-of-mine'));
    expect(await idOf('a-preset-key-of-mine')).not.toBe(await idOf('another-key-of-mine'));
  });

  it('can be preset by the environment; such a key is never stored', async () => {
    const { keys, records } = setUp('a-preset-key-of-mine');
    expect(await keys.ensureAdmin()).toBeUndefined();
    expect(await keys.verify('a-preset-key-of-mine')).toMatchObject({ name: 'preset', role: 'admin' });
    expect(await records.collection({ name: 'api_keys' }).count()).toBe(0);
    const { id = '' } = (await keys.verify('a-preset-key-of-mine')) ?? {};
    await expect(keys.revoke(id)).rejects.toMatchObject({ code: 'KEY_INVALID' });
  });

  it.each(['short', 'with a space in it long enough', ''.padEnd(15, 'x')])(
    'refuse the preset key %j',
    (preset) => {
      expect(() => setUp(preset)).toThrow(expect.objectContaining({ code: 'KEY_INVALID' }));
    },
  );

  it.each([
    ['', 'viewer'],
    ['a\nb', 'viewer'],
    ['phone', 'root'],
  ])('cannot be made for %j with role %j', async (name, role) => {
    await expect(setUp().keys.add(name, role as never)).rejects.toMatchObject({ code: 'KEY_INVALID' });
  });

  it('have a name of their own each', async () => {
    const { keys } = setUp();
    await keys.add('phone', 'viewer');
    await expect(keys.add('phone', 'viewer')).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});
