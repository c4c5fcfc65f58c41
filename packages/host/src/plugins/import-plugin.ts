import { LabkeeperError, type Plugin } from '@labkeeper/core';

/** Imports a module and takes its plugin. Rejects with PLUGIN_NOT_A_PLUGIN, or with what the module threw. */
export async function importPlugin(url: string): Promise<Plugin> {
  const module = (await import(url)) as { readonly default?: unknown };
  return asPlugin(module.default);
}

/** Checks the shape that `definePlugin` gives. Throws PLUGIN_NOT_A_PLUGIN. */
export function asPlugin(value: unknown): Plugin {
  const { name, summary, contract } = (value ?? {}) as Partial<Plugin>;
  if (typeof name === 'string' && typeof summary === 'string' && typeof contract === 'string')
    return value as Plugin;
  throw new LabkeeperError('PLUGIN_NOT_A_PLUGIN', 'The module has no default export made by definePlugin.', {
    found: value === undefined ? 'no default export' : typeof value,
    allowed: 'export default definePlugin({ … })',
  });
}
