import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { Secret } from './secret.js';

describe('a secret', () => {
  it('shows itself nowhere but on request', () => {
    const secret = new Secret('hunter2');
    expect(
      [`${secret}`, JSON.stringify({ secret }), inspect({ secret }), String(secret), [secret].join()].join(),
    ).not.toContain('hunter2');
    expect(Object.keys(secret)).toEqual([]);
    expect(secret.reveal()).toBe('hunter2');
  });

  it('is recognised by another copy of this module', async () => {
    vi.resetModules();
    const copy = await import('./secret.js');
    expect(copy.Secret).not.toBe(Secret);
    expect(new copy.Secret('x')).toBeInstanceOf(Secret);
    expect(new Secret('x')).toBeInstanceOf(copy.Secret);
    for (const other of ['x', null, {}, { reveal: () => 'x' }]) expect(other instanceof Secret).toBe(false);
  });
});
