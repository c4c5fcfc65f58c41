import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Package, ROOT } from '../workspace.js';
import type { GeneratedFile } from './generated-file.js';

/** Each package is published by itself, and the licence asks to be in every copy. */
export function licenseFiles(packages: readonly Package[]): GeneratedFile[] {
  const content = readFileSync(join(ROOT, 'LICENSE'), 'utf8');
  return packages.map(({ folder }) => ({ path: `packages/${folder}/LICENSE`, content }));
}
