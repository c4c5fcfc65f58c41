import { type Fault, type Matcher, METRIC_NAME_LABEL } from '@labkeeper/core';
import { PromqlError, parseSelector } from '@labkeeper/promql';
import type { ConfigPath } from './config-path.js';

/** Stands in for a metric's name, because PromQL wants one matcher that does not accept the empty text and alerts have no name. */
const ANY_NAME = `${METRIC_NAME_LABEL}="alert"`;

/** Reads conditions on labels such as `severity=~"critical|high"`. Faults say which one cannot be read and why. */
export function readMatchers(
  texts: readonly string[] | undefined,
  path: ConfigPath,
): { readonly matchers: readonly Matcher[]; readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const matchers = (texts ?? []).flatMap((text, index) => {
    const read = readOne(text);
    if (typeof read !== 'string') return read;
    faults.push({
      code: 'CONFIG_WRONG_VALUE',
      path: [...path, index],
      message: `This is no condition on a label: ${read}`,
      found: text,
      allowed: 'label="value", label!="value", label=~"expression", label!~"expression"',
    });
    return [];
  });
  return { matchers, faults };
}

function readOne(text: string): readonly Matcher[] | string {
  try {
    // At the front, where it does not stand in the way of a quote that is not closed.
    const [, ...matchers] = parseSelector(`{${ANY_NAME}, ${text}}`);
    return matchers.length > 0 ? matchers : 'it is empty';
  } catch (error) {
    if (error instanceof PromqlError) return error.message.replace(/^\d+:\d+: parse error: /, '');
    throw error;
  }
}
