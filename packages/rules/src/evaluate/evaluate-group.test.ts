import { type InstantValue, isStalenessMark, type Sample } from '@labkeeper/core';
import { describe, expect, it } from 'vitest';
import { dependencies, evaluateGroup, type RuleGroup, readRuleFile, ruleVector } from '../index.js';

function groupOf(rules: string, more = ''): RuleGroup {
  const { groups, faults } = readRuleFile(`groups: [{ name: g, ${more} rules: [${rules}] }]`, 'f');
  expect(faults).toEqual([]);
  return groups[0]!;
}

const record = (name: string, expr: string) => `{ record: '${name}', expr: '${expr}' }`;
const value = (labels: Record<string, string>, of = 1): InstantValue => ({ labels, timeMs: 0, value: of });

describe('dependencies', () => {
  const needsOf = (...rules: string[]) => dependencies(groupOf(rules.join())).map((needs) => [...needs]);

  it('are found by the names of selectors, wherever they stand', () => {
    const reader =
      'sum(rate(b[5m])) / on() group_left max_over_time(abs(-c)[5m:1m]) > bool quantile(scalar(d), e)';
    expect(
      needsOf(
        record('b', 'x'),
        record('c', 'y'),
        record('d', 'z'),
        record('e', '1'),
        record('f', 'x'),
        record('r', reader),
      ).at(-1),
    ).toEqual([0, 1, 2, 3]);
  });

  it('know patterns of names, and take a selector without a name for all', () => {
    expect(
      needsOf(record('job:a', 'x'), record('b', '{__name__=~"job:.+"}'), record('c', '{job="x"}')),
    ).toEqual([[], [0], [0, 1, 2]]);
  });

  it('know what reads the series of alerts, and of which', () => {
    const alert = (name: string, expr: string) => `{ alert: ${name}, expr: '${expr}' }`;
    expect(needsOf(alert('A', 'x'), alert('B', 'ALERTS{alertname="A"}'), alert('C', 'ALERTS'))).toEqual([
      [],
      [0],
      [0, 1, 2],
    ]);
  });
});

describe('a group', () => {
  it('runs what needs each other in the order of the file, and the rest at the same time', async () => {
    const events: string[] = [];
    const release: Record<string, () => void> = {};
    const group = groupOf([record('a', 'x'), record('b', 'a'), record('c', 'y')].join());
    const ask = ({ name }: { name: string }) => {
      events.push(name);
      return new Promise<readonly InstantValue[]>((resolve) => (release[name] = () => resolve([value({})])));
    };
    const turn = () =>
      new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
    const done = evaluateGroup(group, [], {
      nowMs: 0,
      ask,
      write: async (_, { name }) => void events.push(`${name} written`),
    });
    await turn();
    expect(events).toEqual(['a', 'c']);
    release.a!();
    await turn();
    expect(events).toEqual(['a', 'c', 'a written', 'b']);
    release.b!();
    release.c!();
    await done;
  });

  it('lets a rule that is read later run after its reader when it stands behind it', async () => {
    const asked: string[] = [];
    const ask = async ({ name }: { name: string }) => {
      asked.push(name);
      return [];
    };
    await evaluateGroup(groupOf([record('b', 'a'), record('a', 'x')].join()), [], {
      nowMs: 0,
      ask,
      write: async () => {},
    });
    expect(asked).toEqual(['b', 'a']);
  });

  it('records with the labels of the rule, without the old name, and marks what is gone', async () => {
    const group = groupOf(`{ record: new, expr: old, labels: { job: '', site: home } }`, 'query_offset: 1s,');
    const written: Sample[] = [];
    let vector = [value({ __name__: 'old', job: 'x', instance: 'a' }, 2)];
    const surroundings = {
      ask: async () => vector,
      write: async (samples: readonly Sample[]) => void written.push(...samples),
    };
    const [first] = await evaluateGroup(group, [], { nowMs: 5000, ...surroundings });
    expect(written.splice(0)).toEqual([
      { name: 'new', labels: { instance: 'a', site: 'home' }, timeMs: 4000, value: 2 },
    ]);
    vector = [];
    await evaluateGroup(group, [first?.state], { nowMs: 6000, ...surroundings });
    expect(written).toMatchObject([{ name: 'new', labels: { instance: 'a', site: 'home' }, timeMs: 5000 }]);
    expect(isStalenessMark(written[0]!.value)).toBe(true);
  });

  it('fails rule by rule, in the words of Prometheus', async () => {
    const group = groupOf([record('a', 'x'), record('b', 'y'), record('c', 'z')].join(), 'limit: 1,');
    const vectors: Record<string, InstantValue[]> = {
      a: [value({ i: '1' }), value({ i: '2' })],
      b: [value({}), value({ __name__: 'x' })],
    };
    const outcomes = await evaluateGroup(group, [], {
      nowMs: 0,
      ask: async ({ name }) => vectors[name] ?? Promise.reject(new Error('query timed out')),
      write: async () => {},
    });
    expect(outcomes.map(({ failure }) => failure)).toEqual([
      'exceeded limit of 1 with 2 series',
      'vector contains metrics with the same labelset after applying rule labels',
      'query timed out',
    ]);
  });

  it('counts a number as one sample and refuses texts', () => {
    expect(ruleVector({ type: 'scalar', timeMs: 1, value: 2 })).toEqual([
      { labels: {}, timeMs: 1, value: 2 },
    ]);
    expect(() => ruleVector({ type: 'string', timeMs: 1, value: 'x' })).toThrow(
      'rule result is not a vector or scalar',
    );
  });
});
