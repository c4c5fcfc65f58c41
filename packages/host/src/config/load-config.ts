import { resolve } from 'node:path';
import { ConfigFailure, type Fault, type Secrets } from '@labkeeper/core';
import type { Plan } from '@labkeeper/engine';
import type { PluginRoutes } from '../api/index.js';
import { PluginCatalog } from '../plugins/plugin-catalog.js';
import type { LoadedPlugin, PluginLoader } from '../plugins/plugin-loader.js';
import { includedFilePath, includedFileReader, readConfigFile } from './config-file.js';
import type { ConfigSource } from './config-source.js';
import type { Digest } from './digest.js';
import { type HostSections, hostSchema } from './host-schema.js';
import { type HostSettings, hostSettings } from './host-settings.js';
import { interpolateSource } from './interpolate-source.js';
import { parseSource, plainValue } from './parse-source.js';
import { planRoutes } from './plan-routes.js';
import { planRules } from './plan-rules.js';
import { planSections } from './plan-sections.js';
import { type PlannedStorage, planStorage } from './plan-storage.js';
import { Reading } from './reading.js';

export interface ConfigParts {
  /** The file, or undefined to watch this machine. */
  readonly file: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly secrets: Secrets;
  readonly loader: PluginLoader;
  readonly digest: Digest;
}

/** A configuration without faults. */
export interface LoadedConfig {
  readonly settings: HostSettings;
  readonly plan: Plan;
  readonly storage: PlannedStorage;
  readonly routes: readonly PluginRoutes[];
}

/** Keys of the file that differ and count only when the process starts. */
export function needRestart(running: LoadedConfig, wanted: LoadedConfig): string[] {
  const keys: string[] = [];
  if (running.settings.listen !== wanted.settings.listen) keys.push('listen');
  if (running.storage.digest !== wanted.storage.digest) keys.push('storage');
  if (routeNames(running) !== routeNames(wanted)) keys.push('routes');
  return keys;
}

function routeNames({ routes }: LoadedConfig): string {
  return routes.map(({ set }) => set.name).join(' ');
}

/** The result of one reading. `config` is there exactly when there are no faults. */
export interface ConfigReading {
  readonly config?: LoadedConfig;
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
  /** Every plugin that was imported for it. */
  readonly plugins: ReadonlySet<LoadedPlugin>;
  /** For showing lines; absent when there is no file or it cannot be read. */
  readonly source?: ConfigSource;
  /** Absolute paths whose change is a change of the configuration. */
  readonly files: readonly string[];
  /** Absolute paths and patterns: another file that they meet is a change of the configuration, too. */
  readonly patterns: readonly string[];
}

/** Stands in the positions of faults when there is no file. None is expected: nothing is configured. */
const NO_FILE = 'no file';

/**
 * Reads the configuration: YAML → `${…}` filled in → checked against the schemas of host and plugins → plan.
 * Changes nothing that runs. Never rejects for what stands in the file: all faults of it come back at once.
 */
export async function loadConfig(parts: ConfigParts): Promise<ConfigReading> {
  const { file, env, secrets } = parts;
  const text = readText(file);
  if (typeof text !== 'string') return { ...NOTHING, faults: text, files: watched(file, []) };
  const { source, faults } = parseSource(file ?? NO_FILE, text);
  if (file !== undefined && source.document.contents === null && faults.length === 0)
    return { ...NOTHING, faults: [emptyFault(source)], source, files: watched(file, []) };
  if (faults.some(({ code }) => code === 'CONFIG_SYNTAX'))
    return { ...NOTHING, faults, source, files: watched(file, []) };
  const readFile = includedFileReader(file ?? '.');
  const interpolated = interpolateSource(source, { env, readFile, secrets });
  const reading = new Reading(source, interpolated, secrets);
  reading.report(...faults);
  const { plugins, ruleFiles, patterns, ...config } = await readSections(plainValue(source), reading, parts);
  const outcome = {
    faults: reading.faults,
    warnings: reading.warnings,
    plugins,
    source,
    files: [...watched(file, interpolated.files), ...ruleFiles],
    patterns,
  };
  return isComplete(config) && reading.faults.length === 0 ? { ...outcome, config } : outcome;
}

/** Whoever empties a file while it is being written does not want every check and every waiting message to go. */
function emptyFault(source: ConfigSource): Fault {
  const message = 'The file holds no setting.';
  return { code: 'CONFIG_EMPTY', path: [], message, position: source.positionAt(0) };
}

const NOTHING = { warnings: [], patterns: [], plugins: new Set<LoadedPlugin>() } as const;

function isComplete(config: Partial<LoadedConfig> & Omit<LoadedConfig, 'storage'>): config is LoadedConfig {
  return config.storage !== undefined;
}

function readText(file: string | undefined): string | readonly Fault[] {
  try {
    return file === undefined ? '' : readConfigFile(file);
  } catch (error) {
    if (error instanceof ConfigFailure) return error.faults;
    throw error;
  }
}

function watched(file: string | undefined, included: readonly string[]): string[] {
  if (file === undefined) return [];
  return [...new Set([resolve(file), ...included.map((path) => includedFilePath(file, path))])];
}

async function readSections(root: unknown, reading: Reading, parts: ConfigParts) {
  const { value } = reading.check(hostSchema, withoutEmptySections(root), []);
  const sections = usableSections(value);
  const catalog = new PluginCatalog(parts.loader);
  await listPlugins(sections, { catalog, reading, configFile: parts.file ?? NO_FILE });
  const room = { catalog, reading, digest: parts.digest };
  const plan = await planSections(sections, room);
  const storage = await planStorage(sections.storage, room);
  const routes = await planRoutes(sections.routes, room);
  const { rules, files, patterns } = await planRules(sections.rules, {
    ...room,
    configFile: parts.file ?? '.',
  });
  const settings = hostSettings(sections);
  const { publicUrl: externalUrl } = settings;
  return {
    settings,
    plan: { ...plan, rules, ...(externalUrl === undefined ? {} : { externalUrl }) },
    ruleFiles: files,
    patterns,
    routes,
    plugins: catalog.plugins,
    ...(storage ? { storage } : {}),
  };
}

/** `check:` with every item commented out is an empty section, and no fault. */
function withoutEmptySections(root: unknown): unknown {
  if (root === null || root === undefined) return {};
  if (typeof root !== 'object' || Array.isArray(root)) return root;
  return Object.fromEntries(Object.entries(root).filter(([, value]) => value !== null));
}

const ALERTING_SECTIONS = ['maintenance', 'inhibit', 'escalate'] as const;
const LIST_SECTIONS = [
  'plugins',
  'entities',
  'collect',
  'check',
  'notify',
  'rules',
  ...ALERTING_SECTIONS,
  'routes',
] as const;

/**
 * The sections as far as they have the right shape, so that one wrong section does not hide the faults of the others.
 * What is left out here has its fault already.
 */
function usableSections(value: unknown): HostSections {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const sections: Record<string, unknown> = { ...value };
  for (const key of LIST_SECTIONS) {
    // Places are kept, so that positions stay true: an item of the wrong shape becomes an empty one.
    if (sections[key] !== undefined && !Array.isArray(sections[key])) delete sections[key];
  }
  for (const key of ['api', 'log', 'storage']) if (typeof sections[key] !== 'object') delete sections[key];
  return sections as HostSections;
}

async function listPlugins(
  { plugins = [] }: HostSections,
  {
    catalog,
    reading,
    configFile,
  }: { readonly catalog: PluginCatalog; readonly reading: Reading; readonly configFile: string },
): Promise<void> {
  for (const [index, listed] of plugins.entries()) {
    const entry = typeof listed === 'string' ? { package: listed } : listed;
    if (typeof entry?.package !== 'string') continue;
    reading.report(...(await catalog.addListed(entry, ['plugins', index], configFile)));
  }
}
