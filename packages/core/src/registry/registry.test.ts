import { describe, expect, it } from 'vitest';
import { optionsObject } from '../contract/options.js';
import { defineCheck, definePlugin } from '../contract/plugin.js';
import { contractFits, createRegistry } from './registry.js';

const check = (name: string) =>
  defineCheck({
    name,
    summary: 'A check.',
    options: optionsObject({}),
    metrics: [],
    schedule: { every: '30s', timeout: '10s' },
    target: () => ({ entity: 'site:x' }),
    check: async () => ({ status: 'up', message: 'fine', latencyMs: 1 }),
  });
const plugin = (name: string, ...checks: string[]) =>
  definePlugin({ name, summary: 'A plugin.', checks: checks.map(check) });
const origin = (packageName: string) => ({ packageName, version: '1.2.3' });

describe('the registry', () => {
  it('finds a contribution by kind and name, with its plugin', () => {
    const registry = createRegistry();
    registry.add(plugin('http', 'http'), origin('@labkeeper/plugin-http'));
    expect(registry.get('checks', 'http')?.plugin.origin.packageName).toBe('@labkeeper/plugin-http');
    expect(registry.get('collectors', 'http')).toBeUndefined();
    expect(registry.names('checks')).toEqual(['http']);
  });

  it('refuses a name that is taken, names both parties, and adds nothing of the second', () => {
    const registry = createRegistry();
    registry.add(plugin('http', 'http'), origin('one'));
    expect(() => registry.add(plugin('web', 'web', 'http'), origin('two'))).toThrow(
      /two 1\.2\.3 and one 1\.2\.3 both contribute 'http' to checks/,
    );
    expect(registry.names('checks')).toEqual(['http']);
    expect(registry.plugins()).toHaveLength(1);
  });

  it('refuses a plugin that contributes the same name twice', () => {
    expect(() => createRegistry().add(plugin('http', 'http', 'http'), origin('one'))).toThrow(
      expect.objectContaining({ code: 'PLUGIN_DUPLICATE' }),
    );
  });

  it('refuses a plugin built for another contract and names both versions', () => {
    const old = { ...plugin('http', 'http'), contract: '0.0.9' };
    expect(() => createRegistry().add(old, origin('one'))).toThrow(
      /one 1\.2\.3 .* contract 0\.0\.9, this Labkeeper has contract 0\.1\.0/,
    );
  });

  it('names the nearest contribution for an unknown one', () => {
    const registry = createRegistry();
    registry.add(plugin('http', 'http'), origin('one'));
    expect(() => registry.require('checks', 'htpp')).toThrow(/did you mean 'http'/);
  });
});

describe('contract versions', () => {
  it.each([
    ['0.1.0', '0.1.0', true],
    ['0.1.0', '0.1.7', true],
    ['0.1.7', '0.1.0', false],
    ['0.1.0', '0.2.0', false],
    ['1.2.0', '1.5.0', true],
    ['1.5.0', '1.2.0', false],
    ['1.2.0', '2.0.0', false],
    ['latest', '0.1.0', false],
  ])('built for %s on %s: fits is %s', (built, ours, fits) => {
    expect(contractFits(built, ours)).toBe(fits);
  });
});
