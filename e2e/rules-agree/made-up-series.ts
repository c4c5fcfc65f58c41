import { compileMatchers, labelsKey, type Matcher, type SeriesSamples } from '@labkeeper/core';
import { type Expression, selectionsOf } from '@labkeeper/promql';

/** An hour before it every series begins. An even millisecond: no sample lies on the edge of a window. */
export const ASKED_MS = Date.UTC(2026, 0, 15, 12);
const SPAN_MS = 3_600_000;
const STEP_MS = 60_000;
const INSTANCES = ['one', 'two'];
/** What a label may be where a matcher only says what it is like. */
const CANDIDATES = ['x', 'ext4', 'eth0', '500', '1', '/', '/data', '0.5', 'running', 'GET'];

/**
 * Series that the selectors of these expressions find: two of each, one rising and one falling. Nothing is made up for a
 * selector that no candidate fits; it finds nothing, as on a machine without that exporter.
 */
export function madeUpSeries(expressions: readonly Expression[]): readonly SeriesSamples[] {
  const found = new Map<string, SeriesSamples>();
  const at = { fromMs: ASKED_MS, toMs: ASKED_MS, stepMs: 0 };
  for (const expression of expressions)
    for (const { matchers } of selectionsOf(expression, at))
      for (const instance of INSTANCES) {
        const series = seriesFor(matchers, instance);
        if (!series) continue;
        const key = `${series.name} ${labelsKey(series.labels)}`;
        found.set(key, { series, ...course(found.size) });
      }
  return [...found.values()];
}

function seriesFor(matchers: readonly Matcher[], instance: string): SeriesSamples['series'] | undefined {
  const wanted: Record<string, string> = { instance, job: 'made-up' };
  const names = new Set(matchers.map(({ label }) => label));
  for (const label of names) {
    const own = matchers.filter((matcher) => matcher.label === label);
    const value = valueFor(own, wanted[label]);
    if (value === undefined) return undefined;
    wanted[label] = value;
  }
  const { __name__: name, ...labels } = wanted;
  const present = Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
  return name === undefined ? undefined : { name, labels: present };
}

/** A value that all of these matchers of one label accept. */
function valueFor(matchers: readonly Matcher[], usual: string | undefined): string | undefined {
  const accepts = compileMatchers(matchers.map((matcher) => ({ ...matcher, label: 'value' })));
  const named = matchers.flatMap(({ operator, value }) => {
    if (operator === '=') return [value];
    return operator === '=~' ? readings(value) : [];
  });
  const candidates = [...(usual === undefined ? [] : [usual]), ...named, ...CANDIDATES, ''];
  return candidates.find((value) => accepts({ name: '', labels: { value } }));
}

/** Texts that an ordinary pattern, such as `a|b.+`, may well accept. */
function readings(pattern: string): readonly string[] {
  const alternatives = pattern.replace(/[()^$\\]/g, '').split('|');
  return alternatives.map((text) => text.replace(/\.[*+]/g, 'x').replace(/\?/g, ''));
}

/** Every other one falls; each has a slope of its own. */
function course(rank: number): Pick<SeriesSamples, 'timesMs' | 'values'> {
  const slope = (rank % 2 === 0 ? 1 : -1) * (1 + (rank % 7) / 4);
  const count = SPAN_MS / STEP_MS;
  return {
    timesMs: Float64Array.from({ length: count }, (_, index) => ASKED_MS - SPAN_MS + index * STEP_MS + 1),
    values: Float64Array.from({ length: count }, (_, index) => 100 + (rank % 11) + slope * index),
  };
}
