import { inspect } from 'node:util';
import { Secret } from '@labkeeper/core';

/** Freezes a value with everything in it, so that a change throws. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !(value instanceof Secret)) {
    for (const inner of Object.values(value)) deepFreeze(inner as unknown);
    Object.freeze(value);
  }
  return value;
}

/** The texts of secrets within `options` that can be read somewhere in `outputs`. */
export function leakedSecrets(options: unknown, outputs: readonly unknown[]): readonly string[] {
  const shown = outputs
    .map((output) => inspect(output, { depth: 20, maxStringLength: null, showHidden: false }))
    .join('\n');
  return secretsIn(options).filter((text) => shown.includes(text));
}

function secretsIn(value: unknown): string[] {
  if (value instanceof Secret) return [value.reveal()];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(secretsIn);
}
