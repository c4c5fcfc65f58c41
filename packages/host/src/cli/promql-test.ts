import { readFile } from 'node:fs/promises';
import { describeError } from '@labkeeper/core';
import { runTestScript } from '@labkeeper/promql';

export interface PromqlTestOptions {
  /** As in Prometheus' own tests, scripts may use experimental functions unless somebody forbids it. */
  readonly experimental: boolean;
}

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

const EXIT_FAILED = 1;
const EXIT_UNUSABLE = 2;

/** `labkeeper promql-test`: runs promqltest scripts; each failure with file and line, and the counts on the last line. */
export async function promqlTest(files: readonly string[], options: PromqlTestOptions): Promise<void> {
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
  let isUnusable = false;
  for (const file of files) if (!(await runFile(file, options, tally))) isUnusable = true;
  process.stdout.write(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped\n`);
  process.exitCode = isUnusable ? EXIT_UNUSABLE : tally.failed > 0 ? EXIT_FAILED : 0;
}

/** False when the file is no script; the others are run all the same. */
async function runFile(file: string, { experimental }: PromqlTestOptions, tally: Tally): Promise<boolean> {
  try {
    const script = await readFile(file, 'utf8');
    const { passed, failed, skipped } = await runTestScript(script, { experimentalFunctions: experimental });
    for (const { line, reason } of failed) process.stdout.write(`${file}:${line}: ${reason}\n`);
    for (const { line, reason } of skipped) process.stdout.write(`${file}:${line}: skipped: ${reason}\n`);
    tally.passed += passed;
    tally.failed += failed.length;
    tally.skipped += skipped.length;
    return true;
  } catch (error) {
    process.stderr.write(`${file}: ${describeError(error)}\n`);
    return false;
  }
}
