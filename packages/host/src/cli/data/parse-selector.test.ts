import { describe, expect, it } from 'vitest';
import { parseSelector } from './parse-selector.js';

const written = (text: string) =>
  parseSelector(text)
    .map(({ label, operator, value }) => `${label} ${operator} ${value}`)
    .sort();

describe('a selector', () => {
  it.each([
    ['up', ['__name__ = up']],
    [' job:up:sum{} ', ['__name__ = job:up:sum']],
    [
      'up { job != "web" , path=~"/a|/b", x!~`c"`, }',
      ['__name__ = up', 'job != web', 'path =~ /a|/b', 'x !~ c"'],
    ],
    ["{a='it\\'s',b=\"two\\nlines \\\\d\"}", ["a = it's", 'b = two\nlines \\d']],
  ])('%s is understood', (text, matchers) => {
    expect(written(text)).toEqual(matchers);
  });

  it.each([
    ['', 1, 'no expression found', 'the end'],
    ['{}', 1, 'must contain at least one non-empty matcher', '{}'],
    ['up job', 4, 'unexpected identifier "job"', 'job'],
    ['up{job=web}', 8, 'expected string', 'web'],
    ['up{job="web', 8, 'unterminated quoted string', '"web'],
    ['up{job="web"', 13, 'unexpected end of input', 'the end'],
    ['up{a=~"("}', 4, 'missing closing )', 'a=~"("'],
    ['sum(up)', 1, 'expected a plain vector selector', 'sum(up)'],
    ['up offset 5m', 1, 'expected a plain vector selector', 'up offset 5m'],
  ])('%s is refused with the column', (text, column, says, found) => {
    expect(() => parseSelector(text)).toThrow(
      expect.objectContaining({
        code: 'SELECTOR_INVALID',
        message: expect.stringMatching(`^'.*', column ${column}: `) as string,
        found,
      }),
    );
    expect(() => parseSelector(text)).toThrow(says);
  });
});
