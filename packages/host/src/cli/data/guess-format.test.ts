import { COMPACT_MAGIC } from '@labkeeper/tsdb';
import { describe, expect, it } from 'vitest';
import { guessFormat } from './guess-format.js';

const guess = (text: string) => guessFormat(Buffer.from(text), COMPACT_MAGIC);

describe('the format of a file', () => {
  it.each([
    ['the words of OpenMetrics', '# TYPE up unknown\n', 'openmetrics'],
    ['an empty OpenMetrics file', '# EOF\n', 'openmetrics'],
    ['a time in seconds', '# TYPE a counter\na_total{x="} 5"} 3 1769774400\n', 'openmetrics'],
    ['a time in seconds and milliseconds', 'up 1 1769774400.123\n', 'openmetrics'],
    ['a time before an exemplar', 'up 1 1769774400 # {id="x"} 1\n', 'openmetrics'],
    ['the words of the older format', '# TYPE up untyped\nup 1\n', 'prometheus-text'],
    ['a time in milliseconds', '# HELP up Is it?\nup 1 1769774400123\n', 'prometheus-text'],
    ['its first bytes', `${COMPACT_MAGIC.toString('latin1')}rest`, 'compact'],
  ])('is told by %s', (_, text, format) => {
    expect(guess(text)).toBe(format);
  });

  it.each([
    ['nothing', ''],
    ['samples without times', 'up 1\n'],
    ['something packed', '\u001f\u008b\u0000\u0000 1 1769774400\n'],
  ])('is not told by %s', (_, text) => {
    expect(guess(text)).toBeUndefined();
  });
});
