import { type ErrorCode, LabkeeperError } from '@labkeeper/core';
import type { Command } from 'commander';
import { explainError } from './explain-error.js';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/** Codes of what a person has written wrongly. */
const MISTAKES: ReadonlySet<string> = new Set([
  'SELECTOR_INVALID',
  'TIME_INVALID',
  'DATA_FORMAT_UNKNOWN',
] satisfies ErrorCode[]);

/** Runs a command; what it throws is explained on standard error and becomes the exit code: 2 for wrong usage, else 1. */
export async function explainingErrors(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    process.stderr.write(`${explainError(error)}\n`);
    const isMistake = error instanceof LabkeeperError && MISTAKES.has(error.code);
    process.exitCode = isMistake ? EXIT_USAGE : EXIT_FAILED;
  }
}

/** Missing and unknown arguments of this command end with 2. To be called before subcommands are added, which inherit it. */
export function endWithUsage(command: Command): Command {
  return command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : EXIT_USAGE));
}
