import { describe, expect, it } from 'vitest';
import { alertColour, alertTitle } from './alert-words.js';
import { cutText } from './cut-text.js';
import { dateText, daysText, durationText } from './duration-text.js';
import { quoteText } from './quote-text.js';
import { compilePattern } from './text-pattern.js';

describe('cutText', () => {
  it('leaves a text that fits as it is', () => {
    expect(cutText('exactly ten', 11)).toBe('exactly ten');
  });

  it('cuts at a word and shows that it did', () => {
    expect(cutText('the disk of the server is full', 20)).toBe('the disk of the…');
  });

  it('cuts an endless word at the limit', () => {
    expect(cutText('x'.repeat(100), 50)).toBe(`${'x'.repeat(49)}…`);
  });

  it('never leaves half a character', () => {
    const cut = cutText('🚨'.repeat(20), 10);
    expect(cut).toBe('🚨🚨🚨🚨…');
    expect(cut.length).toBeLessThanOrEqual(10);
  });
});

describe('quoteText', () => {
  it('makes one line of a foreign text', () => {
    expect(quoteText('  <html>\r\n\t<body>\u0000\u001b[31mred  ')).toBe('<html> <body> [31mred');
  });

  it('looks only at the beginning of a long one', () => {
    expect(quoteText('word '.repeat(1_000_000), 12)).toBe('word word…');
  });
});

describe('times for people', () => {
  it.each([
    [0, '0 ms'],
    [0.84, '0.8 ms'],
    [9.94, '9.9 ms'],
    [9.96, '10 ms'],
    [84.4, '84 ms'],
    [999.4, '999 ms'],
    [999.6, '1 s'],
    [1_240, '1.2 s'],
    [99_949, '99.9 s'],
    [180_000, '3 min'],
  ])('shows %d ms as %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });

  it('rounds days down, because a certificate with 6.9 days left has 6', () => {
    const day = 86_400_000;
    expect([6.9 * day, 1.5 * day, 0.5 * day, -1].map(daysText)).toEqual([
      '6 days',
      '1 day',
      'less than a day',
      'less than a day',
    ]);
    expect(dateText(Date.UTC(2026, 0, 18, 23, 59))).toBe('2026-01-18');
  });
});

describe('the words of alerts', () => {
  it('says the severity while something is wrong, and that it is over afterwards', () => {
    const title = 'nextcloud is down';
    expect(alertTitle({ kind: 'alert.firing', severity: 'critical', title })).toBe(
      '🚨 Critical: nextcloud is down',
    );
    expect(alertTitle({ kind: 'alert.resolved', severity: 'critical', title })).toBe(
      '✅ Resolved: nextcloud is down',
    );
    expect(alertColour({ kind: 'alert.firing', severity: 'critical' })).not.toBe(
      alertColour({ kind: 'alert.firing', severity: 'low' }),
    );
    expect(alertColour({ kind: 'alert.resolved', severity: 'critical' })).toBe(
      alertColour({ kind: 'alert.resolved', severity: 'low' }),
    );
  });
});

describe('compilePattern', () => {
  it('finds its expression anywhere in a text', () => {
    const pattern = compilePattern('"installed":\\s*true');
    expect(pattern.isIn('{"installed":  true, "x": 1}')).toBe(true);
    expect(pattern.isIn('{"installed": false}')).toBe(false);
  });

  it('answers in no time where a backtracking engine would take years', () => {
    expect(compilePattern('(a+)+$').isIn(`${'a'.repeat(10_000)}b`)).toBe(false);
  });

  it.each(['(', '(?=ahead)', '(a)\\1', '[z-a]'])('refuses %s and says why', (expression) => {
    expect(() => compilePattern(expression)).toThrow(
      `'${expression}' is not a regular expression in RE2 syntax: `,
    );
  });
});
