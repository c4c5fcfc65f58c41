import type { Package } from '../workspace.js';

/** Which doors of other Labkeeper packages the sources of a package may open. */
export interface ImportRule {
  /** Doors that may be imported in any way. */
  readonly doors: readonly string[];
  /** Doors of which only types may be imported. */
  readonly typeDoors?: readonly string[];
  /** Doors that may only be reached by `await import('…')`, so that nothing is loaded before it is asked for. */
  readonly dynamicDoors?: readonly string[];
  /** Every package of the kind `plugin` may be imported. */
  readonly plugins?: boolean;
}

const CORE = '@labkeeper/core';
export const CORE_RUNTIME = '@labkeeper/core/runtime';
const TOOLBOX = '@labkeeper/toolbox';
const TEMPLATE = '@labkeeper/template';
const EXPOSITION = '@labkeeper/exposition';
export const TESTKIT = '@labkeeper/testkit';

/** By the kind of package, for packages that come in numbers. */
const RULES_BY_KIND: Readonly<Record<string, ImportRule>> = {
  plugin: { doors: [CORE, TOOLBOX, TEMPLATE, EXPOSITION] },
};

/** By folder. A new package gets its line here when it is made: who may import whom is decided, not discovered. */
const RULES_BY_FOLDER: Readonly<Record<string, ImportRule>> = {
  core: { doors: [] },
  toolbox: { doors: [CORE] },
  tsdb: { doors: [CORE, EXPOSITION] },
  template: { doors: [CORE] },
  exposition: { doors: [CORE] },
  promql: { doors: [CORE] },
  rules: { doors: [CORE, '@labkeeper/promql', TEMPLATE] },
  'storage-sql': { doors: [CORE, '@labkeeper/tsdb'] },
  engine: { doors: [CORE, CORE_RUNTIME, '@labkeeper/promql', '@labkeeper/rules'] },
  host: {
    doors: [
      ...[CORE, CORE_RUNTIME, TOOLBOX, EXPOSITION, '@labkeeper/promql', '@labkeeper/rules'],
      ...['@labkeeper/engine', '@labkeeper/standard-plugins', '@labkeeper/ui'],
    ],
    dynamicDoors: ['@labkeeper/storage-sql', '@labkeeper/tsdb'],
  },
  agent: { doors: [CORE, CORE_RUNTIME] },
  ui: { doors: [], typeDoors: [CORE] },
  testkit: { doors: [CORE, CORE_RUNTIME, TOOLBOX, EXPOSITION, '@labkeeper/rules'] },
  'standard-plugins': { doors: [], plugins: true },
};

export function ruleFor({ folder, kind }: Package): ImportRule | undefined {
  return RULES_BY_KIND[kind] ?? RULES_BY_FOLDER[folder];
}

/**
 * Layers inside core, by the first folder of a file: what it may import. A folder that is not listed may import
 * everything in core. The model stands on nothing, so that the UI and agents can take it alone.
 */
export const CORE_LAYERS: Readonly<Record<string, readonly string[]>> = {
  model: ['model'],
  errors: ['model', 'errors', 'contract'],
  contract: ['model', 'errors', 'contract'],
};
