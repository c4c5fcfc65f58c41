import { expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.js';

const NOW_MS = Date.UTC(2026, 0, 18, 14, 32);

it.each([
  ['30', 30_000],
  ['0.5', 500],
  ['-3', 0],
  ['Sun, 18 Jan 2026 14:33:00 GMT', 60_000],
  ['Sun, 18 Jan 2026 14:31:00 GMT', 0],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
])('reads Retry-After: %s', (header, ms) => {
  expect(retryAfterMs(header, NOW_MS)).toBe(ms);
});
