import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, string | { readonly types?: string }>>;
}

const root = import.meta.dirname;
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

function sourceOf(declarations: string | undefined): string | undefined {
  const name = /^\.\/dist\/(?:types\/)?(.+)\.d\.ts$/.exec(declarations ?? '')?.[1];
  return name && `src/${name}.ts`;
}

/** Every door of every package leads to its source, so that no test ever runs against a stale build. */
function sourceAliases(): { find: RegExp; replacement: string }[] {
  const aliases: { find: RegExp; replacement: string }[] = [];
  for (const folder of readdirSync(join(root, 'packages'))) {
    const file = join(root, 'packages', folder, 'package.json');
    if (!existsSync(file)) continue;
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
    for (const [door, target] of Object.entries(manifest.exports ?? {})) {
      // The declarations lie as the sources do; the code may be bundled into a file of another name.
      const source = typeof target === 'string' ? undefined : sourceOf(target.types);
      if (source === undefined) continue;
      aliases.push({
        find: new RegExp(`^${escaped(manifest.name + door.slice(1))}$`),
        replacement: join(root, 'packages', folder, source),
      });
    }
  }
  return aliases;
}

const shared = {
  resolve: { alias: sourceAliases() },
};

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: [
            'packages/*/src/**/*.test.ts',
            'build/**/*.test.ts',
            'scripts/**/*.test.ts',
            'bench/**/*.test.ts',
          ],
        },
      },
      {
        ...shared,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          // Real programs are started: they share two cores, and each takes its time to come up.
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/*.test.ts'],
      reportsDirectory: 'coverage',
    },
  },
});
