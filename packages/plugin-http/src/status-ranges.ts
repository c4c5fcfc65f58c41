import type { HttpOptions } from './http-options.js';

/** From the first to the last code that is fine. */
type StatusRange = readonly [first: number, last: number];
type StatusOption = NonNullable<HttpOptions['expect']['status']>;

/** Reads `200`, `2xx`, `200-299` or a list of these. The schema has checked their form. */
export function statusRanges(option: StatusOption): readonly StatusRange[] {
  const items = Array.isArray(option) ? option : [option];
  return items.map(rangeOf);
}

function rangeOf(item: string | number): StatusRange {
  const text = String(item);
  if (text.endsWith('xx')) return [Number(text[0]) * 100, Number(text[0]) * 100 + 99];
  const [first = '', last = first] = text.split('-');
  return [Number(first), Number(last)];
}

export function isInRanges(status: number, ranges: readonly StatusRange[]): boolean {
  return ranges.some(([first, last]) => status >= first && status <= last);
}

/** `200-299`, or `200, 301-302`. */
export function showRanges(ranges: readonly StatusRange[]): string {
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(', ');
}
