import { runTool } from '../run-command.js';
import type { Check } from './check.js';

/** Lines such as `packages/core/src/x.ts:3:1: File has too many lines (320)` of the soft limits. */
function softLimitNotes(output: string): string[] {
  const lines = output.split('\n').filter((line) => /^\S+:\d+:\d+: /.test(line));
  return lines.length === 0
    ? []
    : [`${lines.length} soft limits exceeded (npx oxlint -c .oxlintrc.soft.json shows them)`];
}

export const lintCheck: Check = {
  name: 'lint',
  // The type-aware rules follow imports of other packages into their declarations.
  needsBuild: true,
  async run() {
    const biome = await runTool('biome', [
      'ci',
      '--colors=off',
      '--max-diagnostics=60',
      '--error-on-warnings',
    ]);
    const oxlint = await runTool('oxlint', ['--type-aware', '--format=unix', '--deny-warnings']);
    // The same limits at half the size: worth a look, no reason to fail.
    const soft = await runTool('oxlint', ['--config=.oxlintrc.soft.json', '--format=unix']);
    const faults: string[] = [];
    if (biome.code !== 0) faults.push(biome.output);
    if (oxlint.code !== 0) faults.push(oxlint.output);
    const files = /Checked (\d+) files/.exec(biome.output)?.[1] ?? 'all';
    return {
      faults,
      summary: `${files} files formatted and without findings`,
      warnings: softLimitNotes(soft.output),
    };
  },
};
