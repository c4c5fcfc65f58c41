import { compileMatchers, LabkeeperError, type Matcher, type Series } from '@labkeeper/core';
import { RequestFault } from './answer-errors.js';
import { fieldsOf, listOf, textOf } from './read-fields.js';

/** A matcher as Alertmanager's API has it. */
export interface WireMatcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

/** `alertname="X"`, `host=~"web.*"`, and without quotes, as amtool lets people type. */
const FILTER = /^\s*([a-zA-Z_][a-zA-Z0-9_]*|"(?:[^"\\]|\\.)*")\s*(=~|!~|!=|=)\s*(.*?)\s*$/s;

/** Reads one `filter` of a query. Throws a fault that shows it. */
export function filterMatcher(text: string): Matcher {
  const parts = FILTER.exec(text);
  if (!parts) throw new RequestFault(`bad matcher format: ${text}`);
  const [, label = '', operator = '=', value = ''] = parts;
  return {
    label: unquoted(label, text),
    operator: operator as Matcher['operator'],
    value: unquoted(value, text),
  };
}

/** One test out of the matchers of a query. Throws a fault for a broken expression. */
export function compiled(matchers: readonly Matcher[]): (series: Series) => boolean {
  try {
    return compileMatchers(matchers);
  } catch (error) {
    if (error instanceof LabkeeperError && error.code === 'STORAGE_INVALID')
      throw new RequestFault(error.message);
    throw error;
  }
}

/** Reads the matchers of a silence. */
export function readMatchers(value: unknown): readonly Matcher[] {
  return listOf(value, 'matchers').map((item, index) => {
    const { name, value: wanted, isRegex, isEqual = true } = fieldsOf(item, `matchers[${index}]`);
    const label = textOf(name, `matchers[${index}].name`);
    if (label === '') throw new RequestFault(`matchers[${index}].name is missing`);
    return {
      label,
      operator: operatorOf(isRegex === true, isEqual !== false),
      value: textOf(wanted, `matchers[${index}].value`),
    };
  });
}

/** The same as Alertmanager writes it. */
export function writeMatchers(matchers: readonly Matcher[]): readonly WireMatcher[] {
  return matchers.map(({ label, operator, value }) => ({
    name: label,
    value,
    isRegex: operator.endsWith('~'),
    isEqual: operator.startsWith('='),
  }));
}

function operatorOf(isRegex: boolean, isEqual: boolean): Matcher['operator'] {
  if (isRegex) return isEqual ? '=~' : '!~';
  return isEqual ? '=' : '!=';
}

function unquoted(text: string, all: string): string {
  if (!text.startsWith('"')) return text;
  try {
    return JSON.parse(text) as string;
  } catch {
    throw new RequestFault(`bad matcher format: ${all}`);
  }
}
