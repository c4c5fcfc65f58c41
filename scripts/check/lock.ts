import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../run-command.js';
import { ROOT } from '../workspace.js';
import type { Check } from './check.js';

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly resolved?: string; readonly link?: boolean }>>;
}

export const lockCheck: Check = {
  name: 'lock',
  needsBuild: false,
  async run() {
    const faults: string[] = [];
    const { code, output } = await runCommand(process.execPath, ['scripts/complete-lock.mjs', '--check']);
    if (code !== 0) faults.push(`${output}Run: npm run complete-lock`);
    const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as LockFile;
    for (const [name, entry] of Object.entries(lock.packages)) {
      // Workspaces resolve to a folder. Anything else would tie every user to the registry of whoever ran npm last.
      if (entry.resolved?.includes(':')) {
        faults.push(
          `package-lock.json: ${name} names its registry. Run npm install with the .npmrc of the repository.`,
        );
      }
    }
    return {
      faults,
      summary: `${Object.keys(lock.packages).length} entries, all platforms, no registry named`,
    };
  },
};
