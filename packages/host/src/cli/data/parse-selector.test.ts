import { describe, expect, it } from 'vitest';
import { parseSelector } from './parse-selector.js';

const written = (text: string) =>
  parseSelector(text).map(({ label, operator, value }) => `${label} ${operator} ${value}`);

describe('a selector', () => {
  it.each([
    ['up', ['__name__ = up']],
    [' up ', ['__name__ = up']],
    ['job:up:sum{}', ['__name__ = job:up:sum']],
    ['up{job="web"}', ['__name__ = up', 'job = web']],
    [
      'up { job != "web" , path=~"/a|/b", x!~`c"`, }',
      ['__name__ = up', 'job != web', 'path =~ /a|/b', 'x !~ c"'],
    ],
    ['{__name__=~"node_.+",cpu="0"}', ['__name__ =~ node_.+', 'cpu = 0']],
    ["{a='it\\'s',b=\"two\\nlines \\\\d \\d\"}", ["a = it's", 'b = two\nlines \\d \\d']],
    ['{a=""}', ['a = ']],
  ])('%s is understood', (text, matchers) => {
    expect(written(text)).toEqual(matchers);
  });

  it.each([
    ['', 1, 'the name of a metric or `{` is expected'],
    ['{}', 3, 'an empty selector would mean everything'],
    ['5up', 1, 'the name of a metric or `{` is expected'],
    ['up job', 4, 'the selector should end here'],
    ['up{job}', 7, 'one of `=`, `!=`, `=~` and `!~` is expected'],
    ['up{job=web}', 8, 'a text in quotes is expected'],
    ['up{job="web}', 8, 'the closing quote of this text is missing'],
    ['up{job="web" path="a"}', 14, '`,` or `}` is expected'],
    ['up{job="web"', 13, '`,` or `}` is expected'],
    ['up{', 4, 'the name of a label or `}` is expected'],
    ['up{,}', 4, 'the name of a label or `}` is expected'],
    ['up{job="a"}[5m]', 12, 'the selector should end here'],
  ])('%s is refused with the column', (text, column, says) => {
    expect(() => parseSelector(text)).toThrow(
      expect.objectContaining({
        code: 'SELECTOR_INVALID',
        message: expect.stringContaining(`column ${column}: ${says}`) as string,
      }),
    );
  });
});
