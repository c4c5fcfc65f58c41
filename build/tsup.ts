import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type Options } from 'tsup';

interface Manifest {
  readonly exports?: Readonly<Record<string, string | { readonly default?: string }>>;
  readonly bin?: Readonly<Record<string, string>>;
}

/** The doors of a package, from its `exports` and `bin`: each built file has one source file of the same name. */
function entriesOf(packageFolder: string): Record<string, string> {
  const manifest = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as Manifest;
  const exported = Object.values(manifest.exports ?? {}).map((door) =>
    typeof door === 'string' ? door : door.default,
  );
  const entries: Record<string, string> = {};
  for (const file of [...exported, ...Object.values(manifest.bin ?? {})]) {
    const name = /^(?:\.\/)?dist\/([\w-]+)\.js$/.exec(file ?? '')?.[1];
    if (name !== undefined) entries[name] = `src/${name}.ts`;
  }
  return entries;
}

/**
 * The bundle of one package: its doors, and what `extra.entry` names besides (a worker thread's file, say). Declarations are not made here: `tsc -b` writes them, in a fraction of the time.
 * `clean` stays off because the declarations lie in the same folder.
 */
export function bundle({
  entry = {},
  ...extra
}: Omit<Options, 'entry'> & { entry?: Record<string, string> } = {}): ReturnType<typeof defineConfig> {
  return defineConfig({
    entry: { ...entriesOf(process.cwd()), ...entry },
    format: 'esm',
    target: 'node20',
    platform: 'node',
    splitting: true,
    sourcemap: true,
    dts: false,
    clean: false,
    silent: true,
    ...extra,
  });
}
