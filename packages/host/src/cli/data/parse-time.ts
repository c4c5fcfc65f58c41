import { LabkeeperError, parseDuration } from '@labkeeper/core';

const SECONDS = /^-?\d+(\.\d+)?$/;
const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/**
 * Milliseconds of a time as a person writes it: RFC 3339, seconds since 1970, or a duration back from now such as `7d`.
 * Throws TIME_INVALID.
 */
export function parseTime(text: string, nowMs: number): number {
  const timeMs = millisecondsOf(text, nowMs);
  if (timeMs !== undefined && Number.isSafeInteger(timeMs)) return timeMs;
  throw new LabkeeperError('TIME_INVALID', `'${text}' is no time`, {
    found: text,
    allowed: '2026-01-31T12:00:00Z, 1769860800, 7d',
  });
}

function millisecondsOf(text: string, nowMs: number): number | undefined {
  if (SECONDS.test(text)) return Math.round(Number(text) * 1_000);
  if (RFC_3339.test(text)) return Date.parse(text.replace(' ', 'T'));
  const backMs = parseDuration(text);
  return backMs === undefined ? undefined : nowMs - backMs;
}
