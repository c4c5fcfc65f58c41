import { Cron } from 'croner';
import type { Clock } from '../contract/clock.js';
import type { Trigger } from '../contract/scheduler.js';

/**
 * Longest wait for a time of day in one piece. After it the wall clock is asked again, so that a clock that was set, or
 * a summer time that began, is noticed this soon.
 */
const WALL_CLOCK_RECHECK_MS = 30_000;
/** Cron times that passed during a leap of the clock are counted up to here; nobody needs the exact number of a year. */
const MAX_COUNTED_MISSES = 10_000;

/**
 * A start that took longer is a start no more: of checks that come later, by a new file, only those whose turn it is may run
 * at once, or thousands would start together.
 */
const LONGEST_START_MS = 5_000;

/** When a task is next due, and what has passed. All times are of the monotonic clock. */
export interface DueTimes {
  /** The first time after now. */
  first(): number;
  /**
   * Looks at the task at its due time: `run` says whether it is really due, `next` when to look again, and `missed` how
   * many due times passed beyond this one.
   */
  advance(dueMonotonicMs: number): { run: boolean; next: number; missed: number };
  /** The time of day it is waiting for, where that differs from when it looks again; infinite when there is none. */
  wallDueMs?(): number;
}

/** What due times are counted from. */
export interface DueTimesParts {
  readonly clock: Clock;
  /** See `SchedulerParts`. */
  readonly startedMonotonicMs?: number | undefined;
}

/** Due times of a trigger. Throws a TypeError for a cron expression that croner does not understand. */
export function dueTimes(trigger: Trigger, id: string, parts: DueTimesParts): DueTimes {
  return trigger.kind === 'interval' ? intervalTimes(trigger, id, parts) : cronTimes(trigger, parts.clock);
}

/**
 * Intervals count by the monotonic clock, so setting the machine's time changes nothing. Only the first time looks at the
 * wall clock: the task's place on the grid of the epoch, which is the same after a restart.
 */
function intervalTimes(
  { everyMs, phase = 'spread' }: Extract<Trigger, { kind: 'interval' }>,
  id: string,
  { clock, startedMonotonicMs }: DueTimesParts,
): DueTimes {
  // How much later than its place the first run is.
  let madeUpMs = 0;
  return {
    first: () => {
      const nowMs = clock.monotonicMs();
      // A task that was paused before its made-up run has nothing to make up for any more.
      madeUpMs = 0;
      if (phase === 'now') return nowMs;
      const sinceGridMs = positiveRemainder(clock.now() - spreadPhase(id) * everyMs, everyMs);
      if (sinceGridMs <= startUpMs(nowMs, startedMonotonicMs)) {
        madeUpMs = sinceGridMs;
        return nowMs;
      }
      return nowMs + everyMs - sinceGridMs;
    },
    advance: (lookedAtMs) => {
      const dueMonotonicMs = lookedAtMs - madeUpMs;
      madeUpMs = 0;
      const behindMs = clock.monotonicMs() - dueMonotonicMs;
      const missed = Math.max(0, Math.floor(behindMs / everyMs));
      return { run: true, next: dueMonotonicMs + (missed + 1) * everyMs, missed };
    },
  };
}

/** Times of day count by the wall clock, in pieces. */
function cronTimes({ expression, timeZone }: Extract<Trigger, { kind: 'cron' }>, clock: Clock): DueTimes {
  const cron = new Cron(expression, { timezone: timeZone ?? 'UTC', paused: true });
  let dueWallMs = Number.NaN;
  const lookAgain = () => {
    const waitMs = Math.min(Math.max(0, dueWallMs - clock.now()), WALL_CLOCK_RECHECK_MS);
    return clock.monotonicMs() + waitMs;
  };
  const planAfter = (wallMs: number) => {
    // An expression without a next time (30 February) is never due.
    dueWallMs = cron.nextRun(new Date(wallMs))?.getTime() ?? Number.POSITIVE_INFINITY;
  };
  return {
    wallDueMs: () => dueWallMs,
    first: () => {
      planAfter(clock.now());
      return lookAgain();
    },
    advance: () => {
      const nowMs = clock.now();
      if (nowMs < dueWallMs) return { run: false, next: lookAgain(), missed: 0 };
      const missed = countBetween(cron, dueWallMs, nowMs);
      planAfter(nowMs);
      return { run: true, next: lookAgain(), missed };
    },
  };
}

function countBetween(cron: Cron, fromMs: number, toMs: number): number {
  let count = 0;
  let next = cron.nextRun(new Date(fromMs));
  while (next && next.getTime() <= toMs && count < MAX_COUNTED_MISSES) {
    count += 1;
    next = cron.nextRun(next);
  }
  return count;
}

/** A task's place in its interval, from 0 up to 1, the same at every start: FNV-1a of its id, mixed so that names that differ in one digit end up far apart. */
function spreadPhase(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** How long the start has taken, while it is still a start; after that nothing is made up for. */
function startUpMs(nowMs: number, startedMonotonicMs = nowMs): number {
  const sinceStartMs = nowMs - startedMonotonicMs;
  return sinceStartMs <= LONGEST_START_MS ? sinceStartMs : 0;
}

function positiveRemainder(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
