import type { Labels } from '@labkeeper/core';
import { RequestFault } from './answer-errors.js';

type Fields = Readonly<Record<string, unknown>>;

/** Go writes this for "no time". */
const NO_TIME = '0001-01-01T00:00:00';

/** A mapping, or a fault that names where it should stand. */
export function fieldsOf(value: unknown, where: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RequestFault(`${where} must be an object`);
  return value as Fields;
}

/** A list, or a fault. */
export function listOf(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new RequestFault(`${where} must be a list`);
  return value as readonly unknown[];
}

/** Names and texts. Empty values are no labels. */
export function labelsOf(value: unknown, where: string): Labels {
  if (value === undefined || value === null) return {};
  const labels: Record<string, string> = {};
  for (const [name, text] of Object.entries(fieldsOf(value, where))) {
    if (typeof text !== 'string') throw new RequestFault(`${where}.${name} must be a text`);
    if (text !== '') labels[name] = text;
  }
  return labels;
}

/** A text, empty when it is missing. */
export function textOf(value: unknown, where: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw new RequestFault(`${where} must be a text`);
  return value;
}

/** Milliseconds of an RFC 3339 time; undefined where there is none. */
export function timeMsOf(value: unknown, where: string): number | undefined {
  const text = textOf(value, where);
  if (text === '' || text.startsWith(NO_TIME)) return undefined;
  const timeMs = Date.parse(text);
  if (Number.isNaN(timeMs)) throw new RequestFault(`${where}: '${text}' is no RFC 3339 time`);
  return timeMs;
}
