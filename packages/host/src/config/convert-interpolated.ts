import type { Fault } from '@labkeeper/core';
import { type ConfigPath, valueAt } from './config-path.js';

const NUMBER = /^-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/**
 * The value with those texts turned into numbers or booleans that came out of a single `${…}` and have the wrong type
 * as texts: everything in the environment is text, so `port: '${PORT}'` could not be written otherwise. Texts that stand
 * in the file itself are never converted. The input stays as it is.
 */
export function convertInterpolated(
  value: unknown,
  faults: readonly Fault[],
  isInterpolated: (path: ConfigPath) => boolean,
): unknown {
  let converted = value;
  for (const { code, path } of faults) {
    const text = valueAt(value, path);
    if (code !== 'CONFIG_WRONG_TYPE' || typeof text !== 'string' || !isInterpolated(path)) continue;
    converted = withValue(converted, path, convert(text));
  }
  return converted;
}

function convert(text: string): string | number | boolean {
  if (NUMBER.test(text)) return Number(text);
  return text === 'true' || text === 'false' ? text === 'true' : text;
}

/** A copy in which one place is different. Shares what lies beside the path with the original. */
function withValue(container: unknown, [step, ...rest]: ConfigPath, replacement: unknown): unknown {
  if (step === undefined) return replacement;
  if (Array.isArray(container)) {
    return container.map((item, index) =>
      index === step ? withValue(item, rest, replacement) : (item as unknown),
    );
  }
  const mapping = container as Readonly<Record<string, unknown>>;
  return { ...mapping, [step]: withValue(mapping[step], rest, replacement) };
}
