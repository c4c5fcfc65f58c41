import assert from 'node:assert/strict';
import { CONTRACT_VERSION, type Plugin } from '@labkeeper/core';
import { createRegistry } from '@labkeeper/core/runtime';
import { type ConformanceCase, registerCases } from './conformance-case.js';

/** A whole plugin under test. */
export interface PluginSubject {
  readonly plugin: Plugin;
}

/** Promises of every plugin, whatever it contributes. */
export const pluginCases: readonly ConformanceCase<PluginSubject>[] = [
  {
    name: 'has a name and a summary that is a sentence',
    run({ plugin }) {
      assert.match(plugin.name, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
      assert.match(plugin.summary, /^[A-Z].*\.$/);
    },
  },
  {
    name: 'is made by definePlugin of this contract',
    run({ plugin }) {
      assert.equal(plugin.contract, CONTRACT_VERSION);
    },
  },
  {
    name: 'contributes something, under its own name',
    run({ plugin }) {
      const names = contributionNames(plugin);
      const { storages = [], schedulers = [], rulePacks = [] } = plugin;
      const others = [...storages, ...schedulers, ...rulePacks];
      assert.ok(names.length + others.length > 0, 'a plugin contributes something');
      for (const name of names) {
        assert.ok(
          name === plugin.name || name.startsWith(`${plugin.name}-`),
          `'${name}' is or begins with '${plugin.name}'`,
        );
      }
    },
  },
  {
    name: 'is accepted by the registry, and refused the second time',
    run({ plugin }) {
      const registry = createRegistry();
      const origin = { packageName: `@labkeeper/plugin-${plugin.name}`, version: '0.0.0' };
      registry.add(plugin, origin);
      assert.throws(() => registry.add(plugin, { ...origin, packageName: 'another-package' }), {
        code: 'PLUGIN_DUPLICATE',
      });
    },
  },
];

/** Registers the suite for a plugin as a whole. Its contributions have suites of their own. */
export function conformPlugin(plugin: Plugin): void {
  registerCases({ name: `plugin ${plugin.name} conforms`, cases: pluginCases, subject: { plugin } });
}

/** Storage adapters and schedulers are named after the engine they open, rule packs after what they are about, not after the package. */
function contributionNames(plugin: Plugin): readonly string[] {
  const {
    collectors = [],
    checks = [],
    notifiers = [],
    remediators = [],
    predictors = [],
    routes = [],
  } = plugin;
  return [...collectors, ...checks, ...notifiers, ...remediators, ...predictors, ...routes].map(
    ({ name }) => name,
  );
}
