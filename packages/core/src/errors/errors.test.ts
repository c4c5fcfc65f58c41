import { describe, expect, it } from 'vitest';
import { ConfigFailure, RetryFailure } from './failures.js';
import { describeError, LabkeeperError } from './labkeeper-error.js';
import { ERROR_TABLE, RETIRED_CODES } from './table.js';

describe('the error table', () => {
  it('explains every code in whole sentences', () => {
    for (const [code, { meaning, remedy }] of Object.entries(ERROR_TABLE)) {
      expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
      expect(meaning, code).toMatch(/^[A-Z`].*\.$/);
      expect(remedy, code).toMatch(/^[A-Z].*[.]$/);
    }
  });

  it('never uses a retired code again', () => {
    for (const code of RETIRED_CODES) expect(ERROR_TABLE).not.toHaveProperty(code);
  });
});

describe('an error', () => {
  it('carries its code and the remedy of the table', () => {
    const error = new RetryFailure('RATE_LIMITED', 'slow down', { retryAfterMs: 30_000 });
    expect(error).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 30_000, name: 'RetryFailure' });
    expect(error).toBeInstanceOf(LabkeeperError);
    expect(error.remedy).toBe(ERROR_TABLE.RATE_LIMITED.remedy);
  });

  it('of a configuration counts its faults', () => {
    const fault = { code: 'CONFIG_UNKNOWN_KEY', path: ['x'], message: "'x' is not known here" } as const;
    expect(new ConfigFailure([fault]).message).toBe("1 fault in the configuration: 'x' is not known here");
    expect(new ConfigFailure([fault, fault]).message).toMatch(/^2 faults/);
  });
});

describe('describeError', () => {
  it('tells the causes, because the first message alone helps nobody', () => {
    const error = new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:81') });
    expect(describeError(error)).toBe('fetch failed: connect ECONNREFUSED 127.0.0.1:81');
  });

  it('copes with whatever was thrown', () => {
    expect(describeError('a text')).toBe('a text');
    expect(describeError(null)).toBe('null');
    expect(describeError(new Error(''))).toBe('Error');
    const circle = new Error('round');
    circle.cause = circle;
    expect(describeError(circle)).toBe('round');
  });
});
