import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** The built page and the module of the elements, as far as the UI package is installed and built. */
export function uiFiles(): { readonly uiRoot?: string; readonly elementsFile?: string } {
  const dist = uiFolder();
  if (dist === undefined) return {};
  const uiRoot = join(dist, 'app');
  const elementsFile = join(dist, 'elements.js');
  return { ...(existsSync(uiRoot) ? { uiRoot } : {}), ...(existsSync(elementsFile) ? { elementsFile } : {}) };
}

function uiFolder(): string | undefined {
  try {
    return join(dirname(require.resolve('@labkeeper/ui/package.json')), 'dist');
  } catch {
    return undefined;
  }
}
