import { describeError, LabkeeperError } from '@labkeeper/core';

/** What a person at the command line reads of an error: code, what happened, what is allowed, what to do. */
export function explainError(error: unknown): string {
  if (!(error instanceof LabkeeperError)) return describeError(error);
  const { code, message, allowed, remedy } = error;
  const lines = [`${code}: ${message}`, ...(allowed === undefined ? [] : [`  allowed: ${allowed}`])];
  return [...lines, `  remedy: ${remedy}`].join('\n');
}
