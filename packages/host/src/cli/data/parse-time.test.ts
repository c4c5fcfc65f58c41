import { describe, expect, it } from 'vitest';
import { parseTime } from './parse-time.js';

const NOW_MS = Date.UTC(2026, 0, 31);

describe('a time', () => {
  it.each([
    ['2026-01-30T12:00:00Z', Date.UTC(2026, 0, 30, 12)],
    ['2026-01-30 12:00:00.25+01:00', Date.UTC(2026, 0, 30, 11, 0, 0, 250)],
    ['1769774400', 1_769_774_400_000],
    ['1769774400.5', 1_769_774_400_500],
    ['0', 0],
    ['7d', NOW_MS - 7 * 86_400_000],
    ['1h30m', NOW_MS - 5_400_000],
  ])('%s is understood', (text, timeMs) => {
    expect(parseTime(text, NOW_MS)).toBe(timeMs);
  });

  it.each(['', 'yesterday', '2026-01-30', '2026-13-30T12:00:00Z', '-', '1e999', '7 d'])(
    '%j is refused',
    (text) => {
      expect(() => parseTime(text, NOW_MS)).toThrow(expect.objectContaining({ code: 'TIME_INVALID' }));
    },
  );
});
