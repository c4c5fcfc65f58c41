import type { ValueFunction } from './window.js';

const DAY_MS = 86_400_000;

/** The Gregorian calendar repeats itself, weekdays too, after 400 years. */
const CYCLE_YEARS = 400;
const CYCLE_SECONDS = 146_097 * 86_400;

/** What Go makes of a number that is no 64-bit integer (NaN too): Prometheus then shows a day in the year 292277026596. */
const UNREPRESENTABLE_SECONDS = 2 ** 63;

/** One for all calls, which never overlap. */
const date = new Date(0);

/**
 * Functions of the calendar, by name; the value is in seconds since 1970, UTC. Fractions are cut off.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/functions/#day_of_month and its neighbours.
 */
export const dateFunctions: ReadonlyMap<string, ValueFunction> = new Map<string, ValueFunction>([
  ['minute', (seconds) => dateWithinCycle(seconds).getUTCMinutes()],
  ['hour', (seconds) => dateWithinCycle(seconds).getUTCHours()],
  ['day_of_week', (seconds) => dateWithinCycle(seconds).getUTCDay()],
  ['day_of_month', (seconds) => dateWithinCycle(seconds).getUTCDate()],
  ['day_of_year', (seconds) => dayOfYear(dateWithinCycle(seconds))],
  ['days_in_month', (seconds) => daysInMonth(dateWithinCycle(seconds))],
  ['month', (seconds) => dateWithinCycle(seconds).getUTCMonth() + 1],
  ['year', (seconds) => dateWithinCycle(seconds).getUTCFullYear() + cyclesBefore(seconds) * CYCLE_YEARS],
]);

/** The same day in the years 1970 to 2369: JavaScript's dates end in the year 275760, Prometheus' do not. */
function dateWithinCycle(seconds: number): Date {
  const rest = wholeSeconds(seconds) % CYCLE_SECONDS;
  date.setTime((rest < 0 ? rest + CYCLE_SECONDS : rest) * 1000);
  return date;
}

function cyclesBefore(seconds: number): number {
  return Math.floor(wholeSeconds(seconds) / CYCLE_SECONDS);
}

function wholeSeconds(seconds: number): number {
  return Math.abs(seconds) < UNREPRESENTABLE_SECONDS ? Math.trunc(seconds) : UNREPRESENTABLE_SECONDS;
}

function dayOfYear(day: Date): number {
  return Math.floor((day.getTime() - Date.UTC(day.getUTCFullYear(), 0)) / DAY_MS) + 1;
}

function daysInMonth(day: Date): number {
  const year = day.getUTCFullYear();
  const month = day.getUTCMonth();
  return (Date.UTC(year, month + 1) - Date.UTC(year, month)) / DAY_MS;
}
