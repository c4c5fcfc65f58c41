import { type Matcher, type SampleStore, type SeriesSamples, seriesKey } from '@labkeeper/core';

type Source = Pick<SampleStore, 'series' | 'select'>;

/** A store of which only the series of any of the selectors are seen; without selectors, all. */
export function selectedSamples(source: Source, selectors: readonly (readonly Matcher[])[]): Source {
  if (selectors.length === 0) return source;
  return {
    series: async (matchers) => {
      const found = await Promise.all(selectors.map((selector) => source.series([...selector, ...matchers])));
      return distinct(found.flat(), ({ name, labels }) => seriesKey(name, labels));
    },
    select: async (matchers, fromMs, toMs) => {
      const found: SeriesSamples[] = [];
      for (const selector of selectors)
        found.push(...(await source.select([...selector, ...matchers], fromMs, toMs)));
      return distinct(found, ({ series: { name, labels } }) => seriesKey(name, labels));
    },
  };
}

/** The first and the last time of the samples; undefined when there are none. */
export async function spanOf({
  stats,
}: Pick<SampleStore, 'stats'>): Promise<{ readonly fromMs: number; readonly toMs: number } | undefined> {
  const { oldestMs, newestMs } = await stats();
  return oldestMs === undefined || newestMs === undefined ? undefined : { fromMs: oldestMs, toMs: newestMs };
}

/** A series may meet several selectors. */
function distinct<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly Item[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}
