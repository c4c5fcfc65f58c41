import type { Series, SeriesSamples } from '@labkeeper/core';
import { compileMatchers, type Labels, labelsKey, METRIC_NAME_LABEL, STALENESS_MARK } from '@labkeeper/core';
import type { Selection } from '../source.js';
import type { LoadCommand } from './script-command.js';
import type { NotedValue } from './series-notation.js';

interface LoadedSeries {
  readonly series: Series;
  readonly values: Map<number, Exclude<NotedValue, 'absent'>>;
}

const CLASSIC_SUFFIX = /_(?:bucket|count|sum)$/;

/** The series of a script in memory. Native histograms are only remembered, so that it is noticed when one is asked for. */
export class ScriptSeries {
  private readonly loaded = new Map<string, LoadedSeries>();
  /** The name of a native histogram that a selection met since it was last forgotten. */
  metHistogram: string | undefined;

  load({ series, stepMs, makesHistograms }: LoadCommand): void {
    for (const { labels, values } of series) {
      const target = this.series(labels);
      for (const [index, value] of values.entries()) {
        if (value !== 'absent') target.values.set(index * stepMs, value);
      }
      if (makesHistograms) this.addHistogram(labels, target);
    }
  }

  clear(): void {
    this.loaded.clear();
  }

  /** Answers as a store does. A histogram within the span of a matching series is noted. */
  select({ matchers, fromMs, toMs }: Selection): SeriesSamples[] {
    const matches = compileMatchers(matchers);
    const found = [...this.loaded.values()].filter(({ series }) => matches(series));
    return found
      .map((each) => this.samplesWithin(each, fromMs, toMs))
      .filter(({ timesMs }) => timesMs.length > 0);
  }

  private series(labels: Labels): LoadedSeries {
    const key = labelsKey(labels);
    const known = this.loaded.get(key);
    if (known !== undefined) return known;
    const { [METRIC_NAME_LABEL]: name = '', ...rest } = labels;
    const fresh: LoadedSeries = { series: { name, labels: rest }, values: new Map() };
    this.loaded.set(key, fresh);
    return fresh;
  }

  /** Where Prometheus would make a native histogram of the series of a classic one. */
  private addHistogram(labels: Labels, { series, values }: LoadedSeries): void {
    if (!CLASSIC_SUFFIX.test(series.name)) return;
    const { le: _, ...rest } = labels;
    const target = this.series({ ...rest, [METRIC_NAME_LABEL]: series.name.replace(CLASSIC_SUFFIX, '') });
    for (const timeMs of values.keys()) target.values.set(timeMs, 'histogram');
  }

  private samplesWithin({ series, values }: LoadedSeries, fromMs: number, toMs: number): SeriesSamples {
    const within = [...values].filter(([timeMs]) => timeMs >= fromMs && timeMs <= toMs);
    if (within.some(([, value]) => value === 'histogram')) this.metHistogram = series.name;
    const rows = within.filter(([, value]) => value !== 'histogram').sort(([a], [b]) => a - b);
    const column = new Float64Array(rows.length);
    for (const [index, [, value]] of rows.entries()) {
      // The mark goes straight into the column: arithmetic and lists of numbers may lose its payload.
      column[index] = value === 'stale' ? STALENESS_MARK : Number(value);
    }
    return { series, timesMs: Float64Array.from(rows, ([timeMs]) => timeMs), values: column };
  }
}
