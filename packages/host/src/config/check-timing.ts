import { describeError, durationMs, type Fault, parseDuration, type Schedule } from '@labkeeper/core';
import { Cron } from 'croner';
import type { CollectSiblings } from './host-schema.js';

/** Shortest interval. Below a second a check is a load test, and lateness is as long as the interval. */
const SHORTEST_EVERY_MS = 1_000;

/** What the schema cannot say about `every`, `cron`, `time_zone` and `timeout`. */
export function timingFaults(siblings: CollectSiblings, schedule: Schedule | undefined): Fault[] {
  const { every, cron, time_zone: timeZone, timeout } = siblings;
  const faults: Fault[] = [];
  const wrong = (key: string, found: string, message: string, allowed?: string) =>
    faults.push({
      code: 'CONFIG_WRONG_VALUE',
      path: [key],
      message,
      found,
      ...(allowed === undefined ? {} : { allowed }),
    });
  if (every !== undefined && cron !== undefined)
    wrong('cron', cron, 'An item has one of `every` and `cron`; here are both.', 'one of them');
  if (every !== undefined && durationMs(every) < SHORTEST_EVERY_MS)
    wrong('every', every, 'The interval is too short.', 'at least 1s');
  if (timeout !== undefined && durationMs(timeout) < 1)
    wrong('timeout', timeout, 'The timeout is zero.', 'at least 1ms');
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    wrong('time_zone', timeZone, 'There is no time zone of this name.', 'an IANA name such as Europe/Berlin');
  }
  if (timeZone !== undefined && cron === undefined)
    wrong('time_zone', timeZone, '`time_zone` belongs to `cron`, and there is none.');
  const cronFault = cron === undefined ? undefined : whatIsWrongWithCron(cron);
  if (cron !== undefined && cronFault !== undefined)
    wrong('cron', cron, cronFault, "five fields such as '0 6 * * *', or six with seconds first");
  const interval = cron === undefined ? (every ?? schedule?.every) : undefined;
  if (isLonger(timeout, interval)) {
    wrong('timeout', timeout ?? '', 'The timeout is longer than the interval.', `at most ${interval ?? ''}`);
  }
  return faults;
}

function isLonger(timeout: string | undefined, every: string | undefined): boolean {
  if (timeout === undefined || every === undefined) return false;
  return (parseDuration(timeout) ?? 0) > (parseDuration(every) ?? 0);
}

/** Why a text is no cron expression, or undefined. */
export function whatIsWrongWithCron(expression: string): string | undefined {
  const fields = expression.trim().split(/\s+/).length;
  if (!expression.startsWith('@') && fields !== 5 && fields !== 6)
    return `A cron expression has five or six fields; here are ${fields}.`;
  try {
    const next = new Cron(expression, { paused: true }).nextRun();
    return next === null ? 'This date never comes.' : undefined;
  } catch (error) {
    return `This is no cron expression: ${describeError(error)}`;
  }
}

/** True for an IANA name that this machine knows. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
