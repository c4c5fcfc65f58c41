import { describe, expect, it } from 'vitest';
import { Formatter, NO_VALUE } from './format.js';

const format = new Formatter('en');

describe('numbers for people', () => {
  it('have units and few digits', () => {
    expect(format.percent(46.34)).toBe('46%');
    expect(format.percent(4.26)).toBe('4.3%');
    expect(format.bytes(0)).toBe('0 byte');
    expect(format.bytes(3.25 * 1024 ** 3)).toBe('3.3 GB');
    expect(format.bytes(512 * 1024 ** 2)).toBe('512 MB');
    expect(format.bytesPerSecond(2048)).toBe('2 kB/s');
    expect(format.latency(84.3)).toBe('84 ms');
    expect(format.latency(1_234)).toBe('1.2 sec');
  });

  it('show a dash where there is no number', () => {
    for (const text of [
      format.number(null),
      format.percent(Number.NaN),
      format.bytes(undefined),
      format.latency(null),
      format.duration(null),
    ]) {
      expect(text).toBe(NO_VALUE);
    }
  });

  it('tell a duration by its two largest units', () => {
    expect(format.duration(12 * 86_400_000 + 4 * 3_600_000 + 59_000)).toBe('12 d 4 h');
    expect(format.duration(65_000)).toBe('1 min 5 s');
    expect(format.duration(0)).toBe('0 s');
    expect(format.duration(86_400_000 + 5_000)).toBe('1 d');
  });

  it('tell how long ago something was, and never the future', () => {
    const nowMs = Date.UTC(2026, 0, 1);
    expect(format.ago('2025-12-31T23:55:00Z', nowMs)).toBe('5 minutes ago');
    expect(format.ago('2026-01-01T00:00:09Z', nowMs)).toBe('now');
    expect(format.ago(null, nowMs)).toBe(NO_VALUE);
  });

  it('follow the language', () => {
    const german = new Formatter('de');
    expect(german.number(1_234.5)).toBe('1.234,5');
    expect(german.ago('2025-12-31T22:00:00Z', Date.UTC(2026, 0, 1))).toBe('vor 2 Stunden');
  });
});
