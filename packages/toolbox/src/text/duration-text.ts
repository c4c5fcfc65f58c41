/**
 * A measured time for people: `0.8 ms`, `84 ms`, `1.2 s`, `3 min`. Two digits are enough to see a change.
 * For exact notation take `formatDuration` of the core.
 */
export function durationText(ms: number): string {
  if (ms < 9.95) return `${trimZero(ms.toFixed(1))} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 99_950) return `${trimZero((ms / 1_000).toFixed(1))} s`;
  return `${Math.round(ms / 60_000)} min`;
}

const DAY_MS = 86_400_000;

/** A span of days for people: `6 days`, `1 day`, `less than a day`. Rounded down: a certificate with 6.9 days left has 6. */
export function daysText(ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  if (days < 1) return 'less than a day';
  return days === 1 ? '1 day' : `${days} days`;
}

/** The date of a time, in UTC: `2026-01-18`. */
export function dateText(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

function trimZero(text: string): string {
  return text.replace(/\.0$/, '');
}
