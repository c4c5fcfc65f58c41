import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { runTool } from '../run-command.js';
import { type Package, readPackages } from '../workspace.js';
import type { Check } from './check.js';

/** Whether the packed files are what package.json promises. */
async function judgeFiles({ path, manifest }: Package): Promise<string[]> {
  const { messages, pkg } = await publint({ pkgDir: path, pack: 'npm', strict: true });
  return messages.map((message) => `${manifest.name}: ${formatMessage(message, pkg, { color: false })}`);
}

/** Whether the types lead where the code leads, for programs that import ES modules. */
async function judgeTypes({ path, manifest }: Package): Promise<string[]> {
  const args = ['--pack', path, '--profile', 'esm-only', '--no-color', '--no-emoji'];
  const { code, output } = await runTool('attw', args);
  return code === 0 ? [] : [`${manifest.name}:\n${output}`];
}

export const packagesCheck: Check = {
  name: 'packages',
  needsBuild: true,
  async run() {
    const published = readPackages().filter(({ manifest }) => manifest.private !== true);
    const faults: string[] = [];
    // One after the other: each packs with npm, and two cores have no room for twelve of those.
    for (const one of published) {
      const found = await Promise.all([judgeFiles(one), judgeTypes(one)]);
      faults.push(...found.flat());
    }
    return { faults, summary: `${published.length} packages are sound for publint and attw` };
  },
};
