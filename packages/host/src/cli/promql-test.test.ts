import { describe, expect, it } from 'vitest';
import { commandOutcomes } from '../../fixtures/command-outcome.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';
import { promqlTest } from './promql-test.js';

const folder = temporaryFolder();
const outcomeOf = commandOutcomes();

const RIGHT = `load 1m
  up{job="a"} 1 1 0

eval instant at 2m up
  up{job="a"} 0

eval instant at 1m sum(up)
  {} 1
`;
const WRONG = RIGHT.replace('{} 1', '{} 2');
const EXPERIMENTAL = `load 1m
  up{job="a"} 1

eval instant at 0m sort_by_label(up, "job")
  up{job="a"} 1
`;

const running = (files: Record<string, string>, experimental = true) =>
  outcomeOf(
    promqlTest(
      Object.entries(files).map(([name, text]) => folder.write(name, text)),
      { experimental },
    ),
  );

describe('labkeeper promql-test', () => {
  it('ends with 0 when everything passes, and counts over all files', async () => {
    expect(await running({ 'a.test': RIGHT, 'b.test': RIGHT })).toEqual([
      0,
      '4 passed, 0 failed, 0 skipped\n',
    ]);
  });

  it('ends with 1 when something fails, and says where and why', async () => {
    const [code, text] = await running({ 'a.test': WRONG });
    const lines = text.trimEnd().split('\n');
    expect([code, lines.at(-1)]).toEqual([1, '1 passed, 1 failed, 0 skipped']);
    expect(lines[0]).toMatch(/a\.test:7: /);
  });

  it('ends with 2 for what is no script, or no file', async () => {
    expect((await running({ 'a.test': 'what is this\n' }))[0]).toBe(2);
    const [code, text] = await outcomeOf(promqlTest([folder.path('none.test')], { experimental: true }));
    expect([code, text]).toEqual([2, expect.stringContaining('none.test: ')]);
  });

  it('runs the other scripts when one cannot be used, and ends with 2 and the counts', async () => {
    const files = [folder.path('none.test'), folder.write('no.test', 'what is this\n')];
    const [code, text] = await outcomeOf(
      promqlTest([...files, folder.write('a.test', WRONG)], { experimental: true }),
    );
    expect([code, text.trimEnd().split('\n').at(-1)]).toEqual([2, '1 passed, 1 failed, 0 skipped']);
    expect(text).toMatch(/a\.test:7: /);
  });

  it('allows experimental functions, unless somebody forbids them', async () => {
    expect((await running({ 'a.test': EXPERIMENTAL }))[0]).toBe(0);
    expect((await running({ 'a.test': EXPERIMENTAL }, false))[0]).not.toBe(0);
  });
});
