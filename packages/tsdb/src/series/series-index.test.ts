import { compileMatchers, type Labels, type Matcher, type Series, seriesKey } from '@labkeeper/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SEED } from '../testing/sample-rows.js';
import { SeriesIndex } from './series-index.js';

const NAMES = ['up', 'load', 'a:b', 'requests_total'];
const LABELS = ['job', 'instance', 'constructor', 'toString', '_x'];
const VALUES = ['', 'a', 'b', 'ab', 'a|b', 'host-1:9100', '😀', 'a b', '.'];

const anyLabels: fc.Arbitrary<Labels> = fc.dictionary(fc.constantFrom(...LABELS), fc.constantFrom(...VALUES));
const anySeries: fc.Arbitrary<Series> = fc.record({ name: fc.constantFrom(...NAMES), labels: anyLabels });
const manySeries = fc.uniqueArray(anySeries, {
  selector: ({ name, labels }) => seriesKey(name, labels),
  maxLength: 25,
  size: 'max',
});
const anyMatcher: fc.Arbitrary<Matcher> = fc.record({
  label: fc.constantFrom('__name__', 'missing', ...LABELS),
  operator: fc.constantFrom('=', '!=', '=~', '!~'),
  value: fc.oneof(
    fc.constantFrom(...NAMES, ...VALUES),
    fc.constantFrom('.*', '.+', 'a|b', 'a|a|b', '|a', 'a|', 'h.*', '[ab]', 'up|load', 'a b|host-1:9100'),
  ),
});
const matchers = fc.array(anyMatcher, { maxLength: 4 });

function indexOf(series: readonly Series[]): SeriesIndex {
  const index = new SeriesIndex();
  // Numbers against the order in which they came: results are in the order of numbers.
  for (const [at, one] of series.entries()) index.add(series.length - at, one);
  return index;
}
const keyOf = ({ name, labels }: Series) => seriesKey(name, labels);
const found = (index: SeriesIndex, wanted: readonly Matcher[]) =>
  index.matching(wanted).map(({ series }) => keyOf(series));
const bruteForce = (series: readonly Series[], wanted: readonly Matcher[]) =>
  [...series].reverse().filter(compileMatchers(wanted)).map(keyOf);

describe('the index of series', () => {
  it('finds what looking at each series finds', () => {
    fc.assert(
      fc.property(manySeries, matchers, (series, wanted) => {
        expect(found(indexOf(series), wanted)).toEqual(bruteForce(series, wanted));
      }),
      { seed: SEED, numRuns: 1_500 },
    );
  });

  it('finds the same after some were removed', () => {
    fc.assert(
      fc.property(manySeries, matchers, fc.nat(2 ** 25), (series, wanted, mask) => {
        const index = indexOf(series);
        const isGone = (one: Series) => ((mask >>> series.indexOf(one)) & 1) === 1;
        index.remove(series.filter(isGone).flatMap((one) => index.find(one) ?? []));
        const left = series.filter((one) => !isGone(one));
        expect(found(index, wanted)).toEqual(bruteForce(left, wanted));
        expect(index.size).toBe(left.length);
        for (const one of series) expect(index.find(one) !== undefined).toBe(!isGone(one));
        const values = new Set(left.flatMap(({ labels }) => labels.job || []));
        expect(index.labelValues('job')).toEqual([...values].sort());
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('takes an empty label for none, and another object of the same labels for the same series', () => {
    const index = indexOf([{ name: 'up', labels: { job: 'a', instance: '' } }]);
    const entry = index.find({ name: 'up', labels: { job: 'a' } });
    expect(entry?.series).toEqual({ name: 'up', labels: { job: 'a' } });
    expect(index.labelNames()).toEqual(['__name__', 'job']);
    expect(entry && index.byId(entry.id)).toBe(entry);
  });

  it('refuses a broken expression', () => {
    const broken: Matcher = { label: 'job', operator: '=~', value: '(' };
    expect(() => indexOf([]).matching([broken])).toThrow(
      expect.objectContaining({ code: 'STORAGE_INVALID' }),
    );
  });
});
