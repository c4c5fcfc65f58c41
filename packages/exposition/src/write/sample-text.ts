import type { Labels } from '@labkeeper/core';

/** `name{label="value",…}`. An empty value is no label and is left out. Names must be those of the format. */
export function seriesText(name: string, labels: Labels): string {
  const written: string[] = [];
  for (const [label, value] of Object.entries(labels))
    if (value !== '') written.push(`${label}="${escapedLabel(value)}"`);
  return written.length === 0 ? name : `${name}{${written.join(',')}}`;
}

/** JavaScript writes the shortest decimal that reads back as the same double, but a zero without its sign. */
export function valueText(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value);
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}

/** Seconds. Put together from whole numbers: far from 1970, a quotient has no room left for the milliseconds. */
export function secondsText(timeMs: number): string {
  const distance = Math.abs(timeMs);
  const millis = distance % 1_000;
  const sign = timeMs < 0 ? '-' : '';
  const seconds = `${sign}${(distance - millis) / 1_000}`;
  if (millis === 0) return seconds;
  return `${seconds}.${String(1_000 + millis)
    .slice(1)
    .replace(/0+$/, '')}`;
}

export function escapedHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

export function escapedLabel(text: string): string {
  return escapedHelp(text).replaceAll('"', '\\"');
}
