import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Package, ROOT } from '../workspace.js';
import type { GeneratedFile } from './generated-file.js';

interface Tsconfig {
  references?: readonly { readonly path: string }[];
}

function withReferences(path: string, folders: readonly string[]): GeneratedFile {
  const config = JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as Tsconfig;
  const { references: _, ...rest } = config;
  const references = folders.map((folder) => ({ path: folder }));
  const changed = references.length > 0 ? { ...rest, references } : rest;
  return { path, content: `${JSON.stringify(changed, null, 2)}\n` };
}

/** Project references follow the dependencies in package.json, so that `tsc -b` builds in the same order as turbo. */
export function referenceFiles(packages: readonly Package[]): GeneratedFile[] {
  const files = packages.map(({ folder, manifest }) => {
    const names = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.devDependencies };
    // Only tests use the testkit when it is there for development, and tests are built by nobody.
    const isForTests = (name: string): boolean =>
      name === '@labkeeper/testkit' && manifest.dependencies?.[name] === undefined;
    const referenced = packages.filter(
      (other) => names[other.manifest.name] && !isForTests(other.manifest.name),
    );
    return withReferences(
      `packages/${folder}/tsconfig.json`,
      referenced.map((other) => `../${other.folder}`),
    );
  });
  const all = packages.map(({ folder }) => `packages/${folder}`);
  return [...files, withReferences('tsconfig.json', all), withReferences('tsconfig.tests.json', all)];
}
