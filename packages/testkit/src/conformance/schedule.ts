import assert from 'node:assert/strict';
import { parseDuration, type Schedule } from '@labkeeper/core';

/** Asserts that a default schedule can be kept: both are durations, and a run ends before the next one is due. */
export function assertSchedule({ every, timeout }: Schedule): void {
  const [everyMs, timeoutMs] = [parseDuration(every), parseDuration(timeout)];
  assert.ok(everyMs !== undefined && everyMs >= 1_000, `every: '${every}' is a duration of at least 1s`);
  assert.ok(timeoutMs !== undefined && timeoutMs > 0, `timeout: '${timeout}' is a duration`);
  assert.ok(timeoutMs <= everyMs, `the timeout ${timeout} is not longer than the interval ${every}`);
}
