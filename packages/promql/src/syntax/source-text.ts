import { PromqlError } from '../promql-error.js';
import type { Place } from './expression.js';

/** `line:column` of an offset, both from one, as Prometheus writes places. Columns count UTF-16 units. */
export function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const lineBreaks = before.split('\n').length - 1;
  return `${lineBreaks + 1}:${offset - (before.lastIndexOf('\n') + 1) + 1}`;
}

/** Throws what Prometheus says of a text that it cannot parse: the place before the message, and the place itself for editors. */
export function failAt(text: string, place: Place, message: string): never {
  throw new PromqlError('bad_data', `${lineAndColumn(text, place.start)}: parse error: ${message}`, {
    start: place.start,
    end: place.end,
  });
}
