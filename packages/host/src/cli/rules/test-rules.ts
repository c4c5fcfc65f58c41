import { readdir, readFile } from 'node:fs/promises';
import { describeError } from '@labkeeper/core';
import { type RuleTestResult, runRuleTests } from '@labkeeper/rules';

const EXIT_FAILED = 1;
const EXIT_UNUSABLE = 2;

const files = {
  readFile: (path: string) => readFile(path, 'utf8'),
  readFolder: (path: string) => readdir(path),
};

/** `labkeeper rules test`: runs unit tests in the form of promtool; each failure with its place, and the counts on the last line. */
export async function testRules(paths: readonly string[]): Promise<void> {
  const results: RuleTestResult[] = [];
  for (const path of paths) results.push(...(await runOne(path)));
  for (const result of results) show(result);
  const sum = (count: (result: RuleTestResult) => number) =>
    results.reduce((total, result) => total + count(result), 0);
  const failed = sum((result) => result.failed.length);
  const skipped = sum((result) => result.skipped.length);
  process.stdout.write(`${sum(({ passed }) => passed)} passed, ${failed} failed, ${skipped} skipped\n`);
  const isUnusable = results.length < paths.length || results.some(({ faults }) => faults.length > 0);
  process.exitCode = isUnusable ? EXIT_UNUSABLE : failed > 0 ? EXIT_FAILED : 0;
}

/** None, and the reason on standard error, for a file that cannot be read: the others are run all the same. */
async function runOne(path: string): Promise<RuleTestResult[]> {
  try {
    return [await runRuleTests(path, files)];
  } catch (error) {
    process.stderr.write(`${path}: ${describeError(error)}\n`);
    return [];
  }
}

function show({ file, failed, skipped, faults, warnings }: RuleTestResult): void {
  const out = (text: string) => process.stdout.write(`${text}\n`);
  for (const fault of faults) out(`${fault.file}:${fault.line}:${fault.column}: ${fault.message}`);
  for (const warning of warnings) out(`${warning.file}:${warning.line}: warning: ${warning.message}`);
  for (const { test, line, message } of failed) out(`${file}:${line}: ${named(test)}${message}`);
  for (const { test, line, message } of skipped) out(`${file}:${line}: ${named(test)}skipped: ${message}`);
}

function named(test: string): string {
  return test === '' ? '' : `${test}: `;
}
