import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runTestScript } from './run-test-script.js';

const LOAD = 'load 1m\n  x{a="1"} 1+1x10\n  x{a="2"} 10 20 stale 40\n\n';

/** Why the only case of a script fails; undefined when it passes. */
async function complaintOf(commands: string): Promise<string | undefined> {
  const { passed, failed, skipped } = await runTestScript(LOAD + commands);
  expect(passed + failed.length + skipped.length).toBe(1);
  return failed[0]?.reason ?? skipped[0]?.reason;
}

describe('a case passes', () => {
  it.each([
    ['with the series that are expected, in any order', 'eval instant at 1m x\n  x{a="2"} 20\n  x{a="1"} 2'],
    ['with nothing where nothing is expected', 'eval instant at 1m nothing'],
    ['with a scalar', 'eval instant at 1m 1 + 1\n  2'],
    ['with a text', 'eval instant at 1m "a"\n  expect string "a"'],
    ['within a millionth', 'eval instant at 1m vector(1/3)\n  {} 0.33333333'],
    ['over a span, with gaps', 'eval range from 0 to 3m step 1m x{a="2"}\n  x{a="2"} 10 20 _ 40'],
    ['in order', 'eval instant at 1m sort_desc(x)\n  expect ordered\n  x{a="2"} 20\n  x{a="1"} 2'],
    [
      'with a range vector',
      'eval instant at 2m x{a="1"}[2m]\n  expect range vector from 1m to 2m step 1m\n  x{a="1"} 2 3',
    ],
    [
      'that is expected to fail',
      'eval instant at 1m rate(x)\n  expect fail regex: expected type range vector',
    ],
  ])('%s', async (_, commands) => {
    expect(await complaintOf(commands)).toBeUndefined();
  });
});

describe('a case fails', () => {
  it.each([
    ['for another value', 'eval instant at 1m x{a="1"}\n  x{a="1"} 3', 'expected 3 for x{a="1"}, got 2'],
    ['for a series too many', 'eval instant at 1m x\n  x{a="1"} 2', 'unexpected x{a="2"} with value 20'],
    ['for a series too few', 'eval instant at 1m x{a="1"}\n  x{a="1"} 2\n  y 1', 'expected y{}, got nothing'],
    ['for another scalar', 'eval instant at 1m 1\n  2', 'expected scalar 2, got 1'],
    ['for a vector instead of a scalar', 'eval instant at 1m x\n  2', 'expected scalar 2, got a vector'],
    ['for another text', 'eval instant at 1m "a"\n  expect string "b"', 'expected string "b", got "a"'],
    [
      'for another order',
      'eval instant at 1m sort(x)\n  expect ordered\n  x{a="2"} 20\n  x{a="1"} 2',
      'at position 2',
    ],
    [
      'for another point of a span',
      'eval range from 0 to 1m step 1m x{a="1"}\n  x{a="1"} 1 3',
      'got 1 @ 0, 2 @ 60000',
    ],
    ['for an error', 'eval instant at 1m rate(x)', 'expected type range vector'],
    ['for no error', 'eval instant at 1m vector(1)\n  expect fail\n  {} 1', 'expected an error, got none'],
    [
      'for another error',
      'eval instant at 1m rate(x)\n  expect fail msg: no',
      'expected an error matching "no"',
    ],
    [
      'for no warning',
      'eval instant at 1m vector(1)\n  expect warn\n  {} 1',
      'expected warn annotations, got none',
    ],
  ])('%s', async (_, commands, reason) => {
    expect(await complaintOf(commands)).toContain(reason);
  });

  it('at the line of its command', async () => {
    const report = await runTestScript('eval instant at 0 1\n  1\n\neval instant at 0 1\n  2');
    expect(report).toMatchObject({ passed: 1, failed: [{ line: 4 }], skipped: [] });
  });
});

describe('a case about native histograms is skipped', () => {
  const histograms = 'load 1m\n  h {{count:1}} 1\n\nload_with_nhcb 1m\n  c_bucket{le="+Inf"} 1\n\n';

  it.each([
    ['one is selected', 'eval instant at 0 h', 'h has some'],
    ['one would be made of a classic one', 'eval instant at 0 c', 'c has some'],
    ['one is expected', 'eval instant at 9m vector(1)\n  {} {{count:1}}', 'expected as the result'],
    ['the function is for them', 'eval instant at 9m histogram_avg(vector(1))', 'histogram_avg()'],
  ])('where %s', async (_, command, reason) => {
    const { skipped } = await runTestScript(histograms + command);
    expect(skipped).toEqual([{ line: 7, reason: expect.stringContaining(reason) }]);
  });

  it('and nothing else is', async () => {
    const commands = 'eval instant at 10m h\n\neval instant at 0 c_bucket\n  c_bucket{le="+Inf"} 1';
    expect(await runTestScript(histograms + commands)).toMatchObject({ passed: 2, skipped: [], failed: [] });
  });
});

it('takes experimental functions only with the option', async () => {
  const script = `${LOAD}eval instant at 1m first_over_time(x{a="1"}[2m])\n  x{a="1"} 1`;
  const refused = await runTestScript(script);
  expect(refused.failed[0]?.reason).toContain('is not enabled');
  expect(await runTestScript(script, { experimentalFunctions: true })).toMatchObject({ passed: 1 });
});

const SCRIPTS = join(
  process.env.LABKEEPER_SHARED ?? join(import.meta.dirname, '../../../../../shared'),
  'promql',
);

describe.skipIf(!existsSync(SCRIPTS))(
  `the scripts of Prometheus in ${SCRIPTS} (skipped where they are absent)`,
  () => {
    const files = existsSync(SCRIPTS)
      ? readdirSync(SCRIPTS).filter((file: string) => /\.test$/.test(file))
      : [];

    it.each(files)(
      '%s passes',
      async (file) => {
        const text = readFileSync(join(SCRIPTS, file), 'utf8');
        const { passed, failed, skipped } = await runTestScript(text, { experimentalFunctions: true });
        process.stdout.write(
          `${file}: ${passed} passed, ${failed.length} failed, ${skipped.length} skipped\n`,
        );
        expect(failed).toEqual([]);
      },
      60_000,
    );
  },
);
