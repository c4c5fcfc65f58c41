import { describeError } from '@labkeeper/core';
import { checkRuleFiles, type RuleFault } from '@labkeeper/rules';
import { readRuleText } from '../../config/config-file.js';

const EXIT_FAULTS = 1;
const EXIT_UNUSABLE = 2;

/** `labkeeper rules check`: every fault with its place, and the counts of what could be read on the last line. */
export async function checkRules(files: readonly string[]): Promise<void> {
  const texts = files.flatMap(readOne);
  const { rules, files: count, faulty, faults, warnings } = checkRuleFiles(texts);
  for (const fault of faults) process.stdout.write(`${line(fault)}\n`);
  for (const warning of warnings) process.stdout.write(`${line(warning, 'warning: ')}\n`);
  process.stdout.write(`${rules} rules in ${count} files, ${faulty} faulty\n`);
  const isUnusable = texts.length < files.length;
  process.exitCode = isUnusable ? EXIT_UNUSABLE : faults.length > 0 ? EXIT_FAULTS : 0;
}

/** None, and the reason on standard error, for a file that cannot be read: the others are checked all the same. */
function readOne(file: string): { readonly file: string; readonly text: string }[] {
  try {
    return [{ file, text: readRuleText(file) }];
  } catch (error) {
    process.stderr.write(`${file}: ${describeError(error)}\n`);
    return [];
  }
}

function line({ file, line: row, column, group, rule, message }: RuleFault, kind = ''): string {
  const where = [group, rule].filter((name) => name !== undefined && name !== '').join(', ');
  return `${file}:${row}:${column}: ${kind}${where === '' ? '' : `${where}: `}${message}`;
}
