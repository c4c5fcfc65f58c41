import type { SeriesSamples } from '../contract/query.js';
import type {
  AppendOptions,
  AppendOutcome,
  Cardinality,
  SampleStats,
  SampleStore,
  StepSpan,
} from '../contract/storage.js';
import { LabkeeperError } from '../errors/labkeeper-error.js';
import { METRIC_NAME_LABEL, seriesKey } from '../model/labels.js';
import type { Matcher } from '../model/matcher.js';
import type { SampleBatch, Series } from '../model/sample.js';
import { compileMatchers } from './compile-matchers.js';
import { assertBatch } from './storable.js';
import { isCounterName, readingBefore, stepEnd, sumUpSamples } from './sum-up.js';

/**
 * A series with its samples in ascending time. Values are kept as their bits: an array of numbers would lose the payload
 * of a NaN as soon as the engine packs it.
 */
interface StoredSeries {
  readonly series: Series;
  readonly timesMs: number[];
  readonly bits: bigint[];
}

/** Bytes of one time and one value; what `stats` reports per sample. */
const SAMPLE_BYTES = 16;

/** How far a row may be behind the newest of its series unless it is a back-fill. */
const OUT_OF_ORDER_MS = 3_600_000;

/** Samples in plain arrays: the reference of the contract, and quick enough for tests. */
export function memorySamples(): SampleStore {
  const stored = new Map<string, StoredSeries>();
  const matching = (matchers: readonly Matcher[]) => {
    const accepts = compileMatchers(matchers);
    return [...stored.values()].filter(({ series }) => accepts(series));
  };
  return {
    append: async (batch, options = {}) => append(stored, batch, options),
    select: async (matchers, fromMs, toMs) =>
      matching(required(matchers)).flatMap((entry) =>
        slice(entry, lowerBound(entry.timesMs, fromMs), lowerBound(entry.timesMs, toMs + 1)),
      ),
    latest: async (matchers, sinceMs) =>
      matching(required(matchers)).flatMap((entry) => {
        const last = entry.timesMs.length - 1;
        return (entry.timesMs[last] ?? Number.NEGATIVE_INFINITY) >= sinceMs
          ? slice(entry, last, last + 1)
          : [];
      }),
    series: async (matchers) => matching(matchers).map(({ series }) => series),
    labelNames: async () => labelNames(stored.values()),
    labelValues: async (label) => labelValues(stored.values(), label),
    delete: async (matchers, fromMs, toMs) => remove(stored, matching(required(matchers)), fromMs, toMs),
    rollup: async (matchers, span) => ({
      resolutionMs: 0,
      series: matching(required(matchers)).flatMap((entry) => rollup(entry, span)),
    }),
    stats: async () => stats(stored.values()),
    cardinality: async (limit) => cardinality([...stored.values()], limit),
  };
}

function append(
  stored: Map<string, StoredSeries>,
  batch: SampleBatch,
  { backfill = false }: AppendOptions,
): AppendOutcome {
  // All or nothing: look at every row before the first one is kept.
  assertBatch(batch);
  const { series, timesMs, values } = batch;
  // The constructor copies a Float64Array bit for bit; element by element it might not.
  const bits = new BigUint64Array(new Float64Array(values).buffer);
  const outcome = { kept: 0, conflicting: 0, tooOld: 0 };
  for (let row = 0; row < series.length; row++) {
    const entry = storedFor(stored, series[row] as Series);
    const timeMs = timesMs[row] as number;
    const isTooOld = !backfill && timeMs < (entry.timesMs.at(-1) ?? timeMs) - OUT_OF_ORDER_MS;
    const became = isTooOld ? 'tooOld' : insert(entry, timeMs, bits[row] as bigint);
    if (became !== 'known') outcome[became] += 1;
  }
  return outcome;
}

function storedFor(stored: Map<string, StoredSeries>, series: Series): StoredSeries {
  const key = seriesKey(series.name, series.labels);
  let entry = stored.get(key);
  if (!entry) {
    entry = { series: { name: series.name, labels: withoutEmpty(series.labels) }, timesMs: [], bits: [] };
    stored.set(key, entry);
  }
  return entry;
}

/** A label with an empty value is no label. */
function withoutEmpty(labels: Series['labels']): Series['labels'] {
  return Object.freeze(Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== '')));
}

function insert(
  { timesMs, bits }: StoredSeries,
  timeMs: number,
  value: bigint,
): 'kept' | 'conflicting' | 'known' {
  const index = lowerBound(timesMs, timeMs);
  if (timesMs[index] === timeMs) return bits[index] === value ? 'known' : 'conflicting';
  timesMs.splice(index, 0, timeMs);
  bits.splice(index, 0, value);
  return 'kept';
}

function rollup(entry: StoredSeries, { fromMs, toMs, stepMs }: StepSpan) {
  const isCounter = isCounterName(entry.series.name);
  const [firstMs, lastMs] = [stepEnd(fromMs, stepMs) - stepMs, Math.floor(toMs / stepMs) * stepMs];
  const start = lowerBound(entry.timesMs, firstMs + 1);
  const [all] = slice(entry, 0, start);
  const before = all && readingBefore(all, firstMs + 1);
  return slice(entry, start, lowerBound(entry.timesMs, lastMs + 1)).map(({ series, ...column }) => ({
    series,
    ...sumUpSamples(column, { stepMs, isCounter, before }),
  }));
}

function slice({ series, timesMs, bits }: StoredSeries, from: number, to: number): SeriesSamples[] {
  if (from < 0 || from >= to) return [];
  const values = new Float64Array(BigUint64Array.from(bits.slice(from, to)).buffer);
  return [{ series, timesMs: Float64Array.from(timesMs.slice(from, to)), values }];
}

function remove(
  stored: Map<string, StoredSeries>,
  entries: readonly StoredSeries[],
  fromMs: number,
  toMs: number,
): number {
  let removed = 0;
  for (const { series, timesMs, bits } of entries) {
    const [from, to] = [lowerBound(timesMs, fromMs), lowerBound(timesMs, toMs + 1)];
    removed += timesMs.splice(from, to - from).length;
    bits.splice(from, to - from);
    if (timesMs.length === 0) stored.delete(seriesKey(series.name, series.labels));
  }
  return removed;
}

/** Index of the first element that is not below `limit`. */
function lowerBound(ascending: readonly number[], limit: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function required(matchers: readonly Matcher[]): readonly Matcher[] {
  if (matchers.length === 0)
    throw new LabkeeperError('STORAGE_INVALID', 'a selection needs at least one matcher');
  return matchers;
}

function labelNames(entries: Iterable<StoredSeries>): readonly string[] {
  const names = new Set<string>();
  for (const { series } of entries) {
    names.add(METRIC_NAME_LABEL);
    for (const name of Object.keys(series.labels)) names.add(name);
  }
  return [...names].sort();
}

function labelValues(entries: Iterable<StoredSeries>, label: string): readonly string[] {
  const values = new Set<string>();
  for (const { series } of entries) {
    if (label === METRIC_NAME_LABEL) values.add(series.name);
    else if (Object.hasOwn(series.labels, label)) values.add(series.labels[label] as string);
  }
  return [...values].sort();
}

function stats(entries: Iterable<StoredSeries>): SampleStats {
  let [series, samples, oldestMs, newestMs] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { timesMs } of entries) {
    series += 1;
    samples += timesMs.length;
    oldestMs = Math.min(oldestMs, timesMs[0] ?? oldestMs);
    newestMs = Math.max(newestMs, timesMs.at(-1) ?? newestMs);
  }
  return { series, samples, bytes: samples * SAMPLE_BYTES, ...(samples > 0 ? { oldestMs, newestMs } : {}) };
}

function cardinality(entries: readonly StoredSeries[], limit: number): Cardinality {
  const most = (counts: ReadonlyMap<string, number>) =>
    [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, limit);
  const metrics = new Map<string, number>();
  for (const { series } of entries) metrics.set(series.name, (metrics.get(series.name) ?? 0) + 1);
  const labels = new Map(
    labelNames(entries).map((name) => [name, labelValues(entries, name).length] as const),
  );
  return {
    metrics: most(metrics).map(([name, series]) => ({ name, series })),
    labels: most(labels).map(([name, values]) => ({ name, values })),
  };
}
