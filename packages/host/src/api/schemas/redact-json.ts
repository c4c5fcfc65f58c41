import type { Redactor } from '@labkeeper/core/runtime';

/**
 * JSON text without any protected text in its values. Nearly always nothing is found and the text goes through as it is.
 * Keys stay: they are ours or label names, and an answer without its keys would be of no use to anybody.
 */
export function redactJson(json: string, redactor: Redactor): string {
  if (redactor.redact(json) === json) return json;
  return JSON.stringify(redactValues(JSON.parse(json), redactor));
}

function redactValues(value: unknown, redactor: Redactor): unknown {
  if (typeof value === 'string') return redactor.redact(value);
  if (Array.isArray(value)) return value.map((item: unknown) => redactValues(item, redactor));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactValues(item, redactor)]));
}
