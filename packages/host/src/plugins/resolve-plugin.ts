import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { LabkeeperError } from '@labkeeper/core';
import { resolve as resolveModule } from 'import-meta-resolve';

/** Where the code of a plugin is. */
export interface ResolvedPlugin {
  /** As listed: the name of the package, or its path. */
  readonly packageName: string;
  readonly version: string;
  readonly url: string;
}

/**
 * Finds a package named under `plugins:`: a path that begins with `./`, `../` or `/` from the folder of the file that names
 * it, a package from beside that file first and then from beside Labkeeper. Throws PLUGIN_NOT_FOUND.
 */
export function resolvePlugin(packageName: string, configFile: string): ResolvedPlugin {
  const url = isPath(packageName)
    ? resolvePath(packageName, configFile)
    : resolvePackage(packageName, configFile);
  if (url === undefined) throw notFound(packageName, configFile);
  return { packageName, version: versionOf(url), url };
}

/** What a package or module calls itself most likely, for messages about one that could not be loaded. */
export function guessPluginName(packageName: string): string {
  const last =
    packageName
      .replace(/\.[cm]?js$/, '')
      .split('/')
      .at(-1) ?? packageName;
  return last.replace(/^(?:labkeeper-)?plugin-/, '');
}

function isPath(name: string): boolean {
  return /^(?:\.{1,2}\/|\/)/.test(name);
}

function resolvePath(path: string, configFile: string): string | undefined {
  const full = resolve(dirname(configFile), path);
  const found = [full, join(full, 'index.js')].find((file) => existsSync(file) && /\.[cm]?js$/.test(file));
  return found && pathToFileURL(found).href;
}

function resolvePackage(packageName: string, configFile: string): string | undefined {
  for (const base of [pathToFileURL(resolve(configFile)).href, import.meta.url]) {
    try {
      const url = resolveModule(packageName, base);
      if (existsSync(fileURLToPath(url))) return url;
    } catch (error) {
      // Not there, or there without a door: the next place may have it.
      if (!isMissing(error)) throw error;
    }
  }
  return undefined;
}

function isMissing(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return (
    code === 'ERR_MODULE_NOT_FOUND' ||
    code === 'ERR_PACKAGE_PATH_NOT_EXPORTED' ||
    code === 'ERR_INVALID_MODULE_SPECIFIER'
  );
}

function versionOf(url: string): string {
  let folder = dirname(fileURLToPath(url));
  for (;;) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest))
      return (JSON.parse(readFileSync(manifest, 'utf8')) as { version?: string }).version ?? '0.0.0';
    const parent = dirname(folder);
    if (parent === folder) return '0.0.0';
    folder = parent;
  }
}

function notFound(packageName: string, configFile: string): LabkeeperError {
  const searched = isPath(packageName)
    ? `${resolve(dirname(configFile), packageName)} is no module`
    : `it is neither in ${resolve(dirname(configFile), 'node_modules')} nor beside Labkeeper`;
  return new LabkeeperError('PLUGIN_NOT_FOUND', `The plugin ${packageName} cannot be found: ${searched}.`, {
    found: packageName,
  });
}
