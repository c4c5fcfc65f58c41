import type { TextFormat } from './text-format.js';

/**
 * The `Accept` header of a scrape: OpenMetrics before the older format, and whatever comes before nothing at all.
 * Names outside the classic alphabet are asked for with underscores, because stores keep no others.
 */
export const SCRAPE_ACCEPT = [
  'application/openmetrics-text;version=1.0.0;escaping=underscores;q=0.9',
  'application/openmetrics-text;version=0.0.1;q=0.8',
  'text/plain;version=0.0.4;q=0.5',
  '*/*;q=0.1',
].join(',');

/** The `Content-Type` of a text in this format. */
export function contentTypeOf(format: TextFormat): string {
  return format === 'openmetrics'
    ? 'application/openmetrics-text; version=1.0.0; charset=utf-8'
    : 'text/plain; version=0.0.4; charset=utf-8';
}

/**
 * The format that a `Content-Type` announces, or undefined for one that cannot be text. Everything that might be the
 * older format counts as it, because many small exporters send no type or a wrong one.
 */
export function formatOf(contentType: string | undefined): TextFormat | undefined {
  const type = mediaType(contentType ?? '');
  if (type === 'application/openmetrics-text') return 'openmetrics';
  return type === 'application/vnd.google.protobuf' ? undefined : 'prometheus-text';
}

/** Which format to answer an `Accept` header with: OpenMetrics for whoever wants it at least as much as plain text. */
export function negotiateFormat(accept: string | undefined): TextFormat {
  const wishes = (accept ?? '').split(',').map(wishOf);
  const weightOf = (types: readonly string[]) =>
    Math.max(0, ...wishes.filter(({ type }) => types.includes(type)).map(({ weight }) => weight));
  const openMetrics = weightOf(['application/openmetrics-text']);
  return openMetrics > 0 && openMetrics >= weightOf(['text/plain', 'text/*'])
    ? 'openmetrics'
    : 'prometheus-text';
}

function wishOf(text: string): { readonly type: string; readonly weight: number } {
  const weight = /;\s*q\s*=\s*([0-9.]+)/i.exec(text)?.[1];
  return { type: mediaType(text), weight: weight === undefined ? 1 : Number(weight) || 0 };
}

function mediaType(text: string): string {
  return (text.split(';')[0] ?? '').trim().toLowerCase();
}
