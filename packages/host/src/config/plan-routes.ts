import { describeError, type Fault, type RouteSet } from '@labkeeper/core';
import { nearestName } from '@labkeeper/core/runtime';
import type { PluginRoutes } from '../api/index.js';
import type { PluginCatalog } from '../plugins/plugin-catalog.js';
import type { Reading } from './reading.js';

/** Finds what `routes:` names and reports what cannot be had. */
export async function planRoutes(
  names: readonly unknown[] = [],
  { catalog, reading }: { readonly catalog: PluginCatalog; readonly reading: Reading },
): Promise<readonly PluginRoutes[]> {
  const planned: PluginRoutes[] = [];
  for (const [index, name] of names.entries()) {
    if (typeof name !== 'string') continue;
    const path = ['routes', index];
    try {
      const found = await catalog.find('routes', name);
      if (found)
        planned.push({ plugin: found.from.plugin.name, set: found.contribution as unknown as RouteSet });
      else if (!catalog.isFromFailed(name)) reading.report(unknown(name, path, catalog.names('routes')));
    } catch (error) {
      reading.report({
        code: 'PLUGIN_BROKEN',
        path,
        message: `The plugin of \`${name}\` failed: ${describeError(error)}`,
      });
    }
  }
  return planned;
}

function unknown(name: string, path: readonly (string | number)[], offered: readonly string[]): Fault {
  const nearest = nearestName(name, offered);
  return {
    code: 'PLUGIN_UNKNOWN_CONTRIBUTION',
    path,
    message: `No plugin offers the routes \`${name}\`.`,
    found: name,
    allowed: offered.join(', '),
    ...(nearest === undefined ? {} : { nearest }),
  };
}
