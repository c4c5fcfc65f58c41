import { describeError, type Fault } from '@labkeeper/core';
import type { RelabelOptions } from './relabel-options.js';
import { compileRegex, isRelabelName } from './relabel-rules.js';

const WRITES_TARGET: readonly RelabelOptions['action'][] = ['replace', 'lowercase', 'uppercase', 'hashmod'];
const COMPARES_TARGET: readonly RelabelOptions['action'][] = ['keepequal', 'dropequal'];

/** What the schema cannot say of rules. `option` is where they stand. Pure. */
export function validateRelabel(option: string, rules: readonly RelabelOptions[]): readonly Fault[] {
  return rules.flatMap((rule, index) =>
    [...regexFaults(rule), ...targetFaults(rule), ...modulusFaults(rule)].map((fault) => ({
      ...fault,
      path: [option, index, ...fault.path],
    })),
  );
}

function regexFaults({ regex }: RelabelOptions): readonly Fault[] {
  try {
    compileRegex(regex);
    return [];
  } catch (error) {
    return [
      {
        code: 'CONFIG_WRONG_VALUE',
        path: ['regex'],
        message: `'${regex}' is not a regular expression: ${describeError(error)}`,
        found: regex,
        allowed: 'a regular expression in RE2 syntax',
      },
    ];
  }
}

function targetFaults({ action, target_label: target }: RelabelOptions): readonly Fault[] {
  const isNeeded = WRITES_TARGET.includes(action) || COMPARES_TARGET.includes(action);
  if (!isNeeded) return [];
  if (target === undefined)
    return [
      { code: 'CONFIG_MISSING_KEY', path: ['target_label'], message: `'${action}' needs a target_label` },
    ];
  // Only a replacement may take parts of the name out of values.
  if (isRelabelName(target) || (action === 'replace' && target.includes('$'))) return [];
  return [
    {
      code: 'CONFIG_WRONG_VALUE',
      path: ['target_label'],
      message: `'${target}' is not the name of a label`,
      found: target,
      allowed: 'letters, digits and _',
    },
  ];
}

function modulusFaults({ action, modulus }: RelabelOptions): readonly Fault[] {
  if (action !== 'hashmod' || modulus !== undefined) return [];
  return [{ code: 'CONFIG_MISSING_KEY', path: ['modulus'], message: `'hashmod' needs a modulus` }];
}
