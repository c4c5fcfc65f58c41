import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, readPackages } from '../workspace.js';
import { apiDocuments } from './api-documents.js';
import { coreApiReport } from './core-api.js';
import { decisionIndex } from './decision-index.js';
import { errorReference } from './error-reference.js';
import type { GeneratedFile } from './generated-file.js';
import { licenseFiles } from './licenses.js';
import { loadPlugins } from './load-plugins.js';
import { pluginDocuments } from './plugin-documents.js';
import { referenceFiles } from './references.js';
import { standardPluginsFiles, standardPluginsManifest } from './standard-plugins.js';

/** Written as the formatter would, so that `npm run format` never touches a generated file. */
function formatted(file: GeneratedFile): GeneratedFile {
  // JSON needs no formatter: biome.json asks for the form that JSON.stringify and npm write.
  if (!file.path.endsWith('.ts')) return file;
  const biome = join(ROOT, 'node_modules', '.bin', 'biome');
  const { status, stdout, stderr } = spawnSync(biome, ['format', `--stdin-file-path=${file.path}`], {
    cwd: ROOT,
    input: file.content,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`biome cannot format ${file.path}: ${stderr}`);
  return { ...file, content: stdout };
}

/** All generated files as they should be. Writes nothing. Reads dist/, so the packages must be built. */
export async function generateFiles(): Promise<GeneratedFile[]> {
  const found = readPackages();
  const plugins = await loadPlugins(found);
  const standard = standardPluginsManifest(found);
  // References must follow the dependencies that this very run gives to the standard plugins.
  const packages = found.map((one) =>
    standard && one.manifest.name === standard.name ? { ...one, manifest: standard } : one,
  );
  const files = [
    ...standardPluginsFiles(found, plugins),
    ...referenceFiles(packages),
    ...licenseFiles(packages),
    ...pluginDocuments(plugins),
    errorReference(),
    coreApiReport(),
    decisionIndex(),
    ...(await apiDocuments()),
  ];
  return files.map(formatted);
}

/** Those files that are missing or differ on disk. */
export function staleFiles(files: readonly GeneratedFile[]): GeneratedFile[] {
  return files.filter(({ path, content }) => {
    const onDisk = join(ROOT, path);
    return !existsSync(onDisk) || readFileSync(onDisk, 'utf8') !== content;
  });
}
