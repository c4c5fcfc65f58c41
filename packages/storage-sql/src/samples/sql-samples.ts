import {
  assertBatch,
  type Clock,
  LabkeeperError,
  type Logger,
  type Matcher,
  type SampleBatch,
  type SampleStats,
  type SampleStore,
  type Series,
  type SeriesSamples,
} from '@labkeeper/core';
import type { SqlDatabase } from '../database/sql-database.js';
import { TurnQueue } from '../database/turn-queue.js';
import { latestSamples } from './latest-samples.js';
import { removeSamples } from './remove-samples.js';
import { SampleChunks } from './sample-chunks.js';
import { columnBetween, joinColumns, mergeColumns } from './sample-column.js';
import { SampleHead } from './sample-head.js';
import { SampleTables } from './sample-tables.js';
import { SampleSealer, type SealingRules } from './seal-samples.js';
import type { IndexedSeries } from './series-index.js';

/** How samples are kept. */
export interface SampleRules extends SealingRules {
  /** Length of a window of time. Part of the format: a database is always opened with the one it was made with. */
  readonly windowMs: number;
}

/**
 * Half an hour is long enough for chunks of some hundred samples, which cost little beside their samples, and short
 * enough for what must be held in memory, and read back after the process was killed: 0.3 s for a thousand checks.
 * Two million samples in the head are 32 MB; reaching that means chunks of shorter spans, which are merged later.
 */
export const SAMPLE_RULES: SampleRules = {
  windowMs: 1_800_000,
  graceMs: 300_000,
  maxHeadSamples: 2_000_000,
  atClose: 'seal',
};

export interface SqlSamplesParts {
  readonly database: SqlDatabase;
  readonly head: SampleHead;
  readonly chunks: SampleChunks;
  readonly tables: SampleTables;
  readonly clock: Clock;
  readonly log: Logger;
  readonly rules: SampleRules;
  /** Called after each append. */
  readonly onAppend: () => void;
}

/** Samples in SQL: flushes in a log, half-hours in chunks, everything recent in memory. See docs/decisions/0013. */
export class SqlSamples implements SampleStore {
  readonly #sealer: SampleSealer;
  /** Sealing and deleting take turns; appending does not wait for them. */
  readonly #upkeep = new TurnQueue();
  #isSealing = false;
  #isClosed = false;

  constructor(private readonly parts: SqlSamplesParts) {
    this.#sealer = new SampleSealer(parts);
  }

  static async load(parts: Omit<SqlSamplesParts, 'head' | 'chunks' | 'tables'>): Promise<SqlSamples> {
    const { database, rules } = parts;
    const tables = new SampleTables(database.dialect);
    return database.read(async (sql) => {
      const chunks = await SampleChunks.load(sql, tables, { windowMs: rules.windowMs, log: parts.log });
      return new SqlSamples({ ...parts, tables, chunks, head: await SampleHead.load(sql, tables) });
    });
  }

  append = async (batch: SampleBatch): Promise<void> => {
    assertBatch(batch);
    if (batch.series.length === 0) return;
    const rows = {
      series: batch.series.slice(),
      timesMs: new Float64Array(batch.timesMs),
      // Bit for bit when it is a Float64Array; a plain array holds what its maker left of a NaN.
      values: new Float64Array(batch.values),
    };
    await this.parts.database.write('relaxed', (scope) => this.parts.head.append(scope, rows));
    this.parts.onAppend();
    this.#sealWhenDue();
  };

  select = async (
    matchers: readonly Matcher[],
    fromMs: number,
    toMs: number,
  ): Promise<readonly SeriesSamples[]> => {
    const { database, chunks } = this.parts;
    const entries = fromMs <= toMs ? this.#required(matchers) : [];
    // The head is copied before chunks are read: what moves from one to the other meanwhile is then seen twice, not never.
    const heads = entries.map(({ head }) => head.between(fromMs, toMs));
    const windows = chunks.windowsBetween(fromMs, toMs);
    const ids = entries.map(({ id }) => id);
    const stored =
      windows.length > 0 && ids.length > 0
        ? await database.read((sql) => chunks.read(sql, windows, ids))
        : undefined;
    const found: SeriesSamples[] = [];
    for (const [position, { id, series }] of entries.entries()) {
      const sealed = (stored?.get(id) ?? []).map((column) => columnBetween(column, fromMs, toMs));
      const column = mergeColumns(joinColumns(sealed), heads[position] as (typeof heads)[number]);
      if (column.timesMs.length > 0) found.push({ series, ...column });
    }
    return found;
  };

  latest = async (matchers: readonly Matcher[], sinceMs: number): Promise<readonly SeriesSamples[]> =>
    latestSamples(this.parts, this.#required(matchers), sinceMs);

  series = async (matchers: readonly Matcher[]): Promise<readonly Series[]> =>
    this.parts.head.index.matching(matchers).map(({ series }) => series);

  labelNames = async (): Promise<readonly string[]> => this.parts.head.index.labelNames();

  labelValues = async (label: string): Promise<readonly string[]> => this.parts.head.index.labelValues(label);

  delete = async (matchers: readonly Matcher[], fromMs: number, toMs: number): Promise<number> => {
    this.#required(matchers);
    if (fromMs > toMs) return 0;
    return this.#upkeep.run(() =>
      removeSamples({ ...this.parts, sealer: this.#sealer }, matchers, { fromMs, toMs }),
    );
  };

  stats = async (): Promise<SampleStats> => {
    const { head, chunks } = this.parts;
    let [samples, bytes] = [head.samples, head.logBytes];
    let [oldestMs, newestMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const row of chunks.rows()) {
      samples += row.samples;
      bytes += row.bytes;
      oldestMs = Math.min(oldestMs, row.oldestMs);
      newestMs = Math.max(newestMs, row.newestMs);
    }
    for (const { head: column } of head.index.all()) {
      oldestMs = Math.min(oldestMs, column.firstMs ?? oldestMs);
      newestMs = Math.max(newestMs, column.lastMs ?? newestMs);
    }
    return { series: head.index.size, samples, bytes, ...(samples > 0 ? { oldestMs, newestMs } : {}) };
  };

  /** Ends upkeep, and leaves as little as possible to the next start. Idempotent. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { head, rules } = this.parts;
    if (rules.atClose === 'seal' && head.samples > 0) {
      await this.#upkeep.run(() => this.#sealer.sealInBackground(Number.POSITIVE_INFINITY));
    }
    await this.#upkeep.drained();
  }

  #sealWhenDue(): void {
    const beforeMs = this.#isSealing || this.#isClosed ? undefined : this.#sealer.due();
    if (beforeMs === undefined) return;
    this.#isSealing = true;
    void this.#upkeep
      .run(() => this.#sealer.sealInBackground(beforeMs))
      .finally(() => {
        this.#isSealing = false;
      });
  }

  #required(matchers: readonly Matcher[]): readonly IndexedSeries[] {
    if (matchers.length === 0)
      throw new LabkeeperError('STORAGE_INVALID', 'a selection needs at least one matcher');
    return this.parts.head.index.matching(matchers);
  }
}
