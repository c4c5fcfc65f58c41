import { memoryStorage } from '@labkeeper/core/runtime';
import { evaluateInstantNow, parseExpression } from '@labkeeper/promql';
import { readRuleFile } from '@labkeeper/rules';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptinessTest } from './empty-result.js';
import { RecentSamples } from './recent/recent-samples.js';
import { readsOf } from './rule-reads.js';

const NOW = 1_000_000;

const value = fc.constantFrom('0', '5', '-3', '7.5', 'NaN', 'Inf');
const comparison = fc.constantFrom('>', '>=', '<', '<=', '==', '!=', '> bool');
const threshold = fc.oneof(
  fc
    .tuple(fc.constantFrom('a', 'b{host="x"}', '(a)', 'a offset 1m'), comparison, value)
    .map((parts) => parts.join(' ')),
  fc.tuple(value, comparison, fc.constantFrom('a', 'b')).map((parts) => parts.join(' ')),
);
const expression = fc.oneof(
  threshold,
  fc
    .tuple(threshold, fc.constantFrom('and', 'or', 'unless', '+ on(host)', '> on(host)'), threshold)
    .map(([l, o, r]) => `(${l}) ${o} (${r})`),
  threshold.map((inner) => `sum by (host) (${inner})`),
  threshold.map((inner) => `-(${inner})`),
  threshold.map((inner) => `absent(${inner})`),
);
const samples = fc.array(
  fc.record({
    name: fc.constantFrom('a', 'b'),
    host: fc.constantFrom('x', 'y'),
    ageMs: fc.constantFrom(0, 1_000, 299_999, 300_000, 301_000, -1_000),
    value: fc.constantFrom(0, 5, 6, -3, 7.5, Number.NaN, Number.POSITIVE_INFINITY),
  }),
  { maxLength: 8 },
);

describe('a short cut for quiet rules', () => {
  it('says that there is no result only where there is none', async () => {
    let shortCuts = 0;
    await fc.assert(
      fc.asyncProperty(expression, samples, async (text, taken) => {
        const recent = new RecentSamples(memoryStorage().samples);
        const { groups } = readRuleFile(
          JSON.stringify({ groups: [{ name: 'g', rules: [{ alert: 'A', expr: text }] }] }),
          'f',
        );
        const [rule] = groups[0]?.rules ?? [];
        if (!rule) throw new Error(text);
        await recent.watch(readsOf(rule, {}).watched, NOW);
        const ordered = [...taken].sort((one, other) => other.ageMs - one.ageMs);
        for (const one of ordered)
          recent.take({ name: one.name, labels: { host: one.host } }, NOW - one.ageMs, one.value);
        const isEmpty =
          emptinessTest(rule.expression, (matchers) => recent.selector(matchers))?.(NOW) ?? false;
        if (!isEmpty) return;
        shortCuts += 1;
        const select = ({
          matchers,
          fromMs,
          toMs,
        }: Parameters<Parameters<typeof evaluateInstantNow>[2]['select']>[0]) =>
          recent.selected(matchers, fromMs, toMs);
        const result = () => evaluateInstantNow(rule.expression, NOW, { select }).value;
        expect(result()).toMatchObject({ type: 'vector', values: [] });
      }),
      { numRuns: 500 },
    );
    expect(shortCuts).toBeGreaterThan(50);
  });

  it('is not taken where nothing is known beforehand', () => {
    for (const text of ['a', 'rate(a[5m]) > 1', 'absent(a > 5)', 'a > bool 5', 'a > b', 'vector(time()) > 5'])
      expect([text, emptinessTest(parseExpression(text), () => undefined)]).toEqual([text, undefined]);
  });
});
