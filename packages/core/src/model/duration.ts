const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** The Prometheus notation: `1h30m`, `10s`, `250ms`; units from large to small, each at most once. */
export const DURATION_PATTERN =
  '^(?:(?:[0-9]+y)?(?:[0-9]+w)?(?:[0-9]+d)?(?:[0-9]+h)?(?:[0-9]+m)?(?:[0-9]+s)?(?:[0-9]+ms)?)$';
const WHOLE = new RegExp(DURATION_PATTERN);
const PART = /([0-9]+)(ms|[smhdwy])/g;

/**
 * Milliseconds of a duration such as `1h30m` or `250ms`, or undefined for a text that is none.
 * Notation of the Prometheus configuration reference; a year is 365 days there, and so here.
 */
export function parseDuration(text: string): number | undefined {
  if (text === '' || !WHOLE.test(text)) return undefined;
  let totalMs = 0;
  for (const [, count, unit] of text.matchAll(PART)) totalMs += Number(count) * (UNIT_MS[unit ?? ''] ?? 0);
  return Number.isSafeInteger(totalMs) ? totalMs : undefined;
}

/** The same for a text that a schema has already checked. Throws a RangeError otherwise. */
export function durationMs(text: string): number {
  const parsed = parseDuration(text);
  if (parsed === undefined) throw new RangeError(`'${text}' is not a duration such as 10s, 5m or 1h30m`);
  return parsed;
}

const PRINTED_UNITS = ['d', 'h', 'm', 's', 'ms'] as const;

/** The shortest exact notation: 5400000 → `1h30m`. Negative and fractional parts are cut off. */
export function formatDuration(totalMs: number): string {
  let rest = Math.max(0, Math.trunc(totalMs));
  let text = '';
  for (const unit of PRINTED_UNITS) {
    const unitMs = UNIT_MS[unit] ?? 1;
    const count = Math.floor(rest / unitMs);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * unitMs;
  }
  return text === '' ? '0s' : text;
}
