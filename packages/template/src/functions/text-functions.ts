import { showValue } from '../format/format-value.js';
import { isList, isMap, sortedKeys, TemplateStruct, type TemplateValue, valueAt } from '../value.js';
import { matches, replaceAll } from './regular-expression.js';
import type { TemplateFunction, TemplateFunctions } from './template-function.js';

const text = (call: (text: string) => string): TemplateFunction => ({ parameters: ['string'], call });

/** Functions on texts that templates of rules (Prometheus) and of messages (Alertmanager) both have. */
export const TEXT_FUNCTIONS: TemplateFunctions = {
  toUpper: text((value) => value.toUpperCase()),
  toLower: text((value) => value.toLowerCase()),
  title: text(titleCase),
  match: { parameters: ['string', 'string'], call: matches },
  reReplaceAll: { parameters: ['string', 'string', 'string'], call: replaceAll },
  // What comes out is text, not HTML, so there is nothing to mark as safe.
  safeHtml: text((value) => value),
};

/**
 * What Alertmanager has besides, for messages and bodies of webhooks.
 * https://prometheus.io/docs/alerting/latest/notifications/#functions
 */
export const MESSAGE_FUNCTIONS: TemplateFunctions = {
  trimSpace: text((value) => value.trim()),
  join: {
    parameters: ['string', 'list'],
    call: (separator: string, items: readonly TemplateValue[]) => items.map(showValue).join(separator),
  },
  stringSlice: { parameters: ['string'], isVariadic: true, call: (...texts: string[]) => texts },
  toJson: { parameters: ['any'], call: (value: TemplateValue) => JSON.stringify(plainValue(value)) },
};

/** Upper case at the beginning of every word; an underscore is part of a word. Go's `strings.Title`. */
function titleCase(value: string): string {
  return value.replace(/[\p{L}\p{N}_]+/gu, (word) => {
    const [first = ''] = word;
    return first.toUpperCase() + word.slice(first.length);
  });
}

function plainValue(value: TemplateValue): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (isList(value)) return value.map(plainValue);
  const map = value instanceof TemplateStruct ? value.fields : value;
  if (!isMap(map)) return typeof map === 'function' ? undefined : (map ?? null);
  return Object.fromEntries(sortedKeys(map).map((key) => [key, plainValue(valueAt(map, key))]));
}
