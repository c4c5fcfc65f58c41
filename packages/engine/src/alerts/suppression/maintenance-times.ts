import type { Maintenance, MaintenanceSpan, Weekday } from '@labkeeper/core';
import { Cron } from 'croner';

/** The number of a day in a cron expression. */
const CRON_DAY: Readonly<Record<Weekday, number>> = {
  sun: 0,
  mon: 1,
  tue: 2,
  wed: 3,
  thu: 4,
  fri: 5,
  sat: 6,
};
/** A window by the week lasts a day at most, and an hour more when the clocks go back. */
const LONGEST_DAY_MS = 90_000_000;
/** Openings of one window that can overlap; a cron window of a week that opens every hour has so many. */
const MAX_OPENINGS = 10_000;
const TIME_OF_DAY = /^([01][0-9]|2[0-3]):([0-5][0-9])$/;

/**
 * The span of a window that is open at that time, or the next one; undefined: there is none any more. Times of day follow the
 * window's time zone over changes to and from summer time: one that falls into the hour that is left out counts as the end of that hour, one
 * that comes twice as the first. Pure. Throws a TypeError for an expression or a zone that is none; see {@link maintenanceProblem}.
 */
export function maintenanceSpan(maintenance: Maintenance, nowMs: number): MaintenanceSpan | undefined {
  const { times } = maintenance;
  if (times.kind === 'once')
    return times.toMs > nowMs ? { fromMs: times.fromMs, toMs: times.toMs } : undefined;
  const openings = openingsOf(maintenance);
  let fromMs = openings.next(nowMs - openings.longestMs - 1);
  for (let tries = 0; fromMs !== undefined && tries < MAX_OPENINGS; tries++) {
    const toMs = openings.endOf(fromMs);
    if (toMs > nowMs && toMs > fromMs) return { fromMs, toMs };
    fromMs = openings.next(fromMs);
  }
  return undefined;
}

/** What is wrong with the times of a window, in a sentence; undefined: nothing. Pure. */
export function maintenanceProblem({ times, timeZone = 'UTC' }: Maintenance): string | undefined {
  if (!isTimeZone(timeZone)) return `'${timeZone}' is not a time zone such as Europe/Berlin`;
  switch (times.kind) {
    case 'once':
      return times.fromMs < times.toMs ? undefined : 'it must end later than it begins';
    case 'weekly': {
      const wrong = [times.from, times.to].find((text) => !TIME_OF_DAY.test(text));
      if (wrong !== undefined) return `'${wrong}' is not a time of day such as 22:30`;
      return times.days.length > 0 ? undefined : 'it needs at least one day';
    }
    case 'cron':
      if (!(times.durationMs > 0)) return 'it must last for some time';
      return cronProblem(times.expression);
  }
}

interface Openings {
  /** The first opening after a time. */
  readonly next: (afterMs: number) => number | undefined;
  readonly endOf: (fromMs: number) => number;
  readonly longestMs: number;
}

function openingsOf({ times, timeZone = 'UTC' }: Maintenance): Openings {
  if (times.kind === 'weekly') return weekly(times, timeZone);
  if (times.kind === 'cron') {
    const { expression, durationMs } = times;
    const next = timesOf(expression, timeZone);
    return { next, endOf: (fromMs) => fromMs + durationMs, longestMs: durationMs };
  }
  throw new TypeError('a window that opens once has no openings to count');
}

function weekly(
  { days, from, to }: { readonly days: readonly Weekday[]; readonly from: string; readonly to: string },
  timeZone: string,
): Openings {
  const dayList = days.map((day) => CRON_DAY[day]).join(',');
  const ends = timesOf(`${cronTime(to)} * * *`, timeZone);
  return {
    next: timesOf(`${cronTime(from)} * * ${dayList}`, timeZone),
    // In the hour that is left out both ends may fall together: then it does not open on that day.
    endOf: (fromMs) => ends(from === to ? fromMs : fromMs - 1) ?? fromMs,
    longestMs: LONGEST_DAY_MS,
  };
}

function cronTime(text: string): string {
  const [, hour, minute] = TIME_OF_DAY.exec(text) ?? [];
  if (hour === undefined || minute === undefined) throw new TypeError(`'${text}' is not a time of day`);
  return `${Number(minute)} ${Number(hour)}`;
}

function timesOf(expression: string, timeZone: string): (afterMs: number) => number | undefined {
  const cron = new Cron(expression, { timezone: timeZone, paused: true });
  return (afterMs) => cron.nextRun(new Date(afterMs))?.getTime();
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

function cronProblem(expression: string): string | undefined {
  try {
    new Cron(expression, { paused: true });
    return undefined;
  } catch (error) {
    return `'${expression}' is not a cron expression: ${(error as Error).message}`;
  }
}
