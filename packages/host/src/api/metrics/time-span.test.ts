import { describe, expect, it } from 'vitest';
import { binsOfQuery } from './time-span.js';

const now = Date.UTC(2026, 0, 31, 12, 0, 7);
const hour = 3_600_000;

describe('the span of a history', () => {
  it('is the last day in about 300 points when nothing is asked for', () => {
    const { fromMs, stepMs, count } = binsOfQuery({}, now);
    expect(stepMs).toBe(300_000);
    expect(count).toBe(289);
    expect(fromMs).toBe(Date.UTC(2026, 0, 30, 12, 0, 0));
  });

  it.each([
    ['a time ago', { from: '-1h' }, hour],
    ['a compound time ago', { from: '-1h30m', to: '-30m' }, hour],
    ['a time with zone', { from: '2026-01-31T12:00:07+01:00' }, hour],
    ['now', { from: '-1h', to: 'now' }, hour],
    ['a date', { from: '2026-01-31' }, 12 * hour + 7_000],
  ])('reads %s', (_, query, spanMs) => {
    const { fromMs, stepMs, count } = binsOfQuery(query, now);
    const endMs = fromMs + stepMs * count;
    // Aligned to the step at both ends.
    expect(endMs - fromMs - spanMs).toBeLessThanOrEqual(2 * stepMs);
    expect(endMs - fromMs).toBeGreaterThanOrEqual(spanMs);
    expect(fromMs % stepMs).toBe(0);
  });

  it.each([
    ['from', { from: 'yesterday' }],
    ['from', { from: '2026-01-31T12:00:00' }],
    ['to', { from: '-1h', to: '-' }],
    ['from', { from: '-1h', to: '-2h' }],
    ['from', { from: '-6y' }],
    ['step', { from: '-1d', step: 1 }],
  ])('refuses a bad %s: %j', (field, query) => {
    expect(() => binsOfQuery(query, now)).toThrow(expect.objectContaining({ code: 'BAD_REQUEST', field }));
  });

  it('allows as many points as Prometheus does', () => {
    expect(binsOfQuery({ from: '-10999s', to: 'now', step: 1 }, now).count).toBe(11_000);
  });
});
