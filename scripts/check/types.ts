import { runCommand } from '../run-command.js';
import type { Check } from './check.js';

export const typesCheck: Check = {
  name: 'types',
  needsBuild: true,
  async run() {
    // TypeScript 7 under an alias: it has the same bin name as the TypeScript 6 that tools need.
    const { code, output } = await runCommand(process.execPath, [
      'node_modules/tsc7/bin/tsc',
      '--build',
      'tsconfig.json',
      'tsconfig.tests.json',
    ]);
    return {
      faults: code === 0 ? [] : [output],
      summary: 'sources, tests, scripts and benches have no type errors',
    };
  },
};
