import { readFileSync } from 'node:fs';

/** Version of the package, as published. Read from its manifest, so that it stands in one place. */
export function hostVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
