import { describe, expect, it } from 'vitest';
import { parseScript } from './parse-script.js';
import { TestScriptError } from './script-command.js';

describe('a script', () => {
  it('loads, asks and clears, with the lines of its commands', () => {
    const script =
      '# data\nload 30s\n  x 1 2\n  y{a="b"} 3x1\n\nclear\nload_with_nhcb 1m\n\tz_bucket{le="1"} 1\n';
    expect(parseScript(script)).toEqual([
      {
        kind: 'load',
        line: 2,
        stepMs: 30_000,
        makesHistograms: false,
        series: [
          { labels: { __name__: 'x' }, values: [1, 2] },
          { labels: { __name__: 'y', a: 'b' }, values: [3, 3] },
        ],
      },
      { kind: 'clear' },
      {
        kind: 'load',
        line: 7,
        stepMs: 60_000,
        makesHistograms: true,
        series: [{ labels: { __name__: 'z_bucket', le: '1' }, values: [1] }],
      },
    ]);
  });

  it('asks at one time, or over a span', () => {
    expect(parseScript('eval instant at 5m sum(x)\n  {} 7')).toMatchObject([
      {
        kind: 'eval',
        line: 1,
        expression: 'sum(x)',
        at: { timeMs: 300_000 },
        series: [{ labels: {}, values: [7] }],
      },
    ]);
    expect(parseScript('eval instant x')).toMatchObject([{ at: { timeMs: 0 } }]);
    expect(parseScript('eval range from 0 to 1m step 30s x\n  x 1 _ 3')).toMatchObject([
      { at: { span: { fromMs: 0, toMs: 60_000, stepMs: 30_000 } }, series: [{ values: [1, 'absent', 3] }] },
    ]);
  });

  it('expects scalars, texts and ranges', () => {
    expect(parseScript('eval instant at 0 -1\n  -1')).toMatchObject([{ scalar: -1 }]);
    expect(parseScript('eval instant at 0 0/0\n  NaN')).toMatchObject([{ scalar: Number.NaN }]);
    expect(parseScript('eval instant at 0 "a"\n  expect string `a`')).toMatchObject([{ text: 'a' }]);
    const range = 'eval instant at 1m x[1m]\n  expect range vector from 10s to 1m step 10s\n  x 1 2';
    expect(parseScript(range)).toMatchObject([
      { rangeVector: { fromMs: 10_000, toMs: 60_000, stepMs: 10_000 } },
    ]);
  });

  it('expects errors, warnings, infos and an order, in both forms', () => {
    const script = `eval instant at 0 x
      expect ordered
      expect fail msg: exactly this
      expect warn regex: ^this.*that$
      expect no_info`;
    const [command] = parseScript(script);
    if (command?.kind !== 'eval') throw new TypeError('not an eval');
    const [ordered, fail, warn, none] = command.expectations;
    expect([ordered?.kind, fail?.kind, warn?.kind, none?.kind]).toEqual([
      'ordered',
      'fail',
      'warn',
      'no_info',
    ]);
    expect([fail?.accepts?.test('exactly this'), fail?.accepts?.test('exactly')]).toEqual([true, false]);
    expect([warn?.accepts?.test('this and that'), warn?.accepts?.test('that')]).toEqual([true, false]);
    expect(parseScript('eval_fail instant at 0 x\n  expected_fail_regexp a.c')).toMatchObject([
      { expectations: [{ kind: 'fail' }, { kind: 'fail', accepts: { shown: 'a.c' } }] },
    ]);
    expect(parseScript('eval_ordered instant at 0 x')).toMatchObject([
      { expectations: [{ kind: 'ordered' }] },
    ]);
  });
});

describe('a script that cannot be read', () => {
  it.each([
    ['hello', 1, 'invalid command "hello"'],
    ['\nload', 2, 'invalid load command'],
    ['load 5x\n  x 1', 1, 'invalid load command'],
    ['load 5m\n  x 1\n  x{ 1', 3, 'in label set'],
    ['eval x', 1, 'invalid command: eval instant'],
    ['eval instant at soon x', 1, '"soon" is not a duration'],
    ['eval range from 1m to 0 step 1m x', 1, 'is before the start'],
    ['eval range from 0 to 1m step 0 x', 1, 'the step must be longer'],
    ['eval instant at 0 x\n  expect nothing', 2, 'invalid expect line'],
    ['eval instant at 0 x\n  expect fail regex: (', 2, 'invalid regular expression'],
    ['eval instant at 0 x\n  expect string a', 2, 'a quoted text is expected'],
    ['eval instant at 0 x\n  x 1 2', 2, 'expect range vector'],
  ])('%j is refused at line %i', (script, line, message) => {
    expect(() => parseScript(script)).toThrow(message);
    expect(() => parseScript(script)).toThrow(
      expect.objectContaining({ line, constructor: TestScriptError }),
    );
  });
});
