import { runTool } from '../run-command.js';
import type { Check } from './check.js';

export const deadCheck: Check = {
  name: 'dead',
  needsBuild: false,
  async run() {
    const { code, output } = await runTool('knip', ['--no-progress', '--treat-config-hints-as-errors']);
    return {
      faults: code === 0 ? [] : [output],
      summary: 'every file, export and dependency is used',
    };
  },
};
