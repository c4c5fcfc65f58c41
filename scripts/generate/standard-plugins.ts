import type { Manifest, Package } from '../workspace.js';
import { type GeneratedFile, NOTICE } from './generated-file.js';
import { type LoadedPlugin, namedContributions } from './load-plugins.js';

const FOLDER = 'standard-plugins';

function isStandard({ kind, manifest }: Package): boolean {
  return kind === 'plugin' && manifest.labkeeper?.standard !== false;
}

/**
 * The manifest of the package with the dependencies it should have: every official plugin, nothing else. A range that
 * is there stays: raising it is the business of a release.
 */
export function standardPluginsManifest(packages: readonly Package[]): Manifest | undefined {
  const own = packages.find(({ folder }) => folder === FOLDER)?.manifest;
  if (!own) return undefined;
  const dependencies = Object.fromEntries(
    packages
      .filter(isStandard)
      .map(({ manifest: { name, version } }) => [name, own.dependencies?.[name] ?? `^${version}`]),
  );
  return { ...own, dependencies };
}

function entry({ package: { manifest }, plugin }: LoadedPlugin): string {
  const contributes: Record<string, string[]> = {};
  for (const { kind, name } of namedContributions(plugin)) {
    contributes[kind] ??= [];
    contributes[kind].push(name);
  }
  return `{
    packageName: '${manifest.name}',
    contributes: ${JSON.stringify(contributes)},
    version: () => versionOf('${manifest.name}'),
    load: () => import('${manifest.name}'),
  },`;
}

/** The list of official plugins by what they contribute, so that a program knows them without importing them. */
export function standardPluginsFiles(
  packages: readonly Package[],
  plugins: readonly LoadedPlugin[],
): GeneratedFile[] {
  const manifest = standardPluginsManifest(packages);
  if (!manifest) return [];
  const entries = plugins.filter((loaded) => isStandard(loaded.package)).map(entry);
  const content = `// ${NOTICE}
import { createRequire } from 'node:module';

/** An official plugin, not imported yet. */
export interface StandardPlugin {
  readonly packageName: string;
  /** Names by kind, as in the plugin itself: \`{ checks: ['http'] }\`. */
  readonly contributes: Readonly<Record<string, readonly string[]>>;
  /** The version that is installed. */
  version(): string;
  /** Imports it. The default export is the plugin. */
  load(): Promise<{ readonly default: unknown }>;
}

const require = createRequire(import.meta.url);

function versionOf(packageName: string): string {
  return (require(\`\${packageName}/package.json\`) as { version: string }).version;
}

export const STANDARD_PLUGINS: readonly StandardPlugin[] = [
  ${entries.join('\n  ')}
];
`;
  return [
    { path: `packages/${FOLDER}/src/index.ts`, content },
    { path: `packages/${FOLDER}/package.json`, content: `${JSON.stringify(manifest, null, 2)}\n` },
  ];
}
