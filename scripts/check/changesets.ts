import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand, runTool } from '../run-command.js';
import { type Manifest, type Package, ROOT, readPackages } from '../workspace.js';
import type { Check } from './check.js';

const CORE = '@labkeeper/core';

/** A repository with nothing but the manifests and the configuration of changesets. */
function copyManifests(packages: readonly Package[]): string {
  const copy = mkdtempSync(join(tmpdir(), 'changesets-'));
  cpSync(join(ROOT, 'package.json'), join(copy, 'package.json'));
  mkdirSync(join(copy, '.changeset'));
  cpSync(join(ROOT, '.changeset', 'config.json'), join(copy, '.changeset', 'config.json'));
  for (const { folder, path } of packages) {
    mkdirSync(join(copy, 'packages', folder), { recursive: true });
    cpSync(join(path, 'package.json'), join(copy, 'packages', folder, 'package.json'));
  }
  // The changelog writer is a package; the copy has none installed.
  const configFile = join(copy, '.changeset', 'config.json');
  const config = JSON.parse(readFileSync(configFile, 'utf8')) as Record<string, unknown>;
  writeFileSync(configFile, JSON.stringify({ ...config, changelog: false }));
  return copy;
}

function major(version: string): number {
  return Number(version.split('.')[0]);
}

/** Releases a minor of core in a copy and tells which packages would become a major by it. */
async function majorsAfterMinorOfCore(packages: readonly Package[]): Promise<string[]> {
  const copy = copyManifests(packages);
  try {
    writeFileSync(
      join(copy, '.changeset', 'minor-of-core.md'),
      `---\n'${CORE}': minor\n---\n\nA new kind.\n`,
    );
    // changesets asks git for the root of the repository.
    const git = await runCommand('git', ['init', '--quiet', '--initial-branch=main'], { cwd: copy });
    const { code, output } = await runTool('changeset', ['version'], { cwd: copy });
    if (git.code !== 0 || code !== 0) return [`changeset version failed: ${git.output}${output}`];
    const after = packages.map(({ folder, manifest }) => {
      const file = join(copy, 'packages', folder, 'package.json');
      const { version } = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
      return { name: manifest.name, before: manifest.version, version };
    });
    const core = after.find(({ name }) => name === CORE);
    if (core?.before === core?.version) return [`changeset version left ${CORE} as it was: ${output}`];
    return after
      .filter(({ before, version }) => major(version) > major(before))
      .map(
        ({ name, before, version }) => `a minor of ${CORE} would take ${name} from ${before} to ${version}`,
      );
  } finally {
    rmSync(copy, { recursive: true });
  }
}

export const changesetsCheck: Check = {
  name: 'changesets',
  needsBuild: false,
  async run() {
    const packages = readPackages();
    return {
      faults: await majorsAfterMinorOfCore(packages),
      summary: `a minor of core is a major of none of ${packages.length} packages`,
    };
  },
};
