import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** What a package is to the scripts. Folder names decide nothing. */
type PackageKind = 'library' | 'plugin' | 'program' | 'ui';

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly private?: boolean;
  readonly exports?: Readonly<
    Record<string, string | { readonly types?: string; readonly default?: string }>
  >;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly labkeeper?: { readonly kind: PackageKind; readonly standard?: boolean };
}

export interface Package {
  /** The name of its folder under packages/. */
  readonly folder: string;
  /** The folder's full path. */
  readonly path: string;
  readonly manifest: Manifest;
  readonly kind: PackageKind;
}

/** Every package under packages/, in the order of their folders. */
export function readPackages(root = ROOT): Package[] {
  const found: Package[] = [];
  for (const folder of readdirSync(join(root, 'packages')).sort()) {
    const path = join(root, 'packages', folder);
    const file = join(path, 'package.json');
    if (!existsSync(file)) continue;
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
    if (!manifest.labkeeper) {
      throw new Error(`packages/${folder}/package.json has no "labkeeper": { "kind": … }; scripts go by it.`);
    }
    found.push({ folder, path, manifest, kind: manifest.labkeeper.kind });
  }
  return found;
}

/** What was built, installed, or recorded from other programs, whose names and contents are not ours. */
const SKIPPED_FOLDERS: readonly string[] = [
  'node_modules',
  'dist',
  '.turbo',
  '.git',
  'coverage',
  'testcases',
];

/** Paths of all files under `folder`, relative to `root`, with `/`. */
export function listFiles(root: string, folder: string, skipped = SKIPPED_FOLDERS): string[] {
  const files: string[] = [];
  const full = join(root, folder);
  if (!existsSync(full)) return files;
  for (const entry of readdirSync(full, { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!skipped.includes(entry.name)) files.push(...listFiles(root, path, skipped));
    } else {
      files.push(path);
    }
  }
  return files.sort();
}

export function isTypeScript(file: string): boolean {
  return /\.(ts|tsx|mts)$/.test(file) && !file.endsWith('.d.ts');
}
