import type { Fault } from '../errors/fault.js';
import type { Matcher } from '../model/matcher.js';
import type { SampleBatch, Series } from '../model/sample.js';
import type { Clock } from './clock.js';
import type { Logger } from './log.js';
import type { OptionsOf, TSchema } from './options.js';
import type { SeriesSamples } from './query.js';

/**
 * Samples: the narrow face of a time-series store.
 * Times are integer milliseconds UTC. Values are kept bit for bit, the payload of Prometheus' staleness NaN included.
 */
export interface SampleStore {
  /**
   * Keeps the rows and resolves when the store's promised durability holds; the columns may be used again as soon as it was
   * called. Rows may come in any order. As in Prometheus, the first value of a series and time stays: the same one again
   * is nothing new, another one is refused and counted. So is a row that is older than the series' newest by more than the
   * store's window, unless it is a back-fill. Called once per flush of ingest.
   * Throws STORAGE_INVALID for a batch with a row that can never be kept, and then keeps none; STORAGE_UNAVAILABLE when the store cannot be
   * written (the caller keeps the batch and tries again: rows that arrived all the same are then nothing new).
   */
  append(batch: SampleBatch, options?: AppendOptions): Promise<AppendOutcome>;
  /**
   * Samples with `fromMs ≤ time ≤ toMs`, ascending, of each series that meets all matchers and has any in the span.
   * A label that a series lacks matches as the empty text. Throws STORAGE_INVALID without matchers or with a bad expression.
   */
  select(matchers: readonly Matcher[], fromMs: number, toMs: number): Promise<readonly SeriesSamples[]>;
  /** Last sample of each matching series that is not older than `sinceMs`. Each result has exactly one row. */
  latest(matchers: readonly Matcher[], sinceMs: number): Promise<readonly SeriesSamples[]>;
  /** Every series that meets all matchers; all series when there are none. */
  series(matchers: readonly Matcher[]): Promise<readonly Series[]>;
  /** Sorted names of all labels in use, `__name__` included. */
  labelNames(): Promise<readonly string[]>;
  /** Sorted values of one label. */
  labelValues(label: string): Promise<readonly string[]>;
  /** Removes the samples in the span of every matching series; returns how many. Series left empty disappear. */
  delete(matchers: readonly Matcher[], fromMs: number, toMs: number): Promise<number>;
  /**
   * What a graph needs: each matching series summed up in steps. A step ends at a multiple of `stepMs`, with its end and without its
   * beginning; those that end in `fromMs … toMs` and hold a sample are given. Answers from the coarsest roll-up that fits
   * the step, and for spans of which nothing else is left from what there is; says which. Throws as `select` does.
   */
  rollup(matchers: readonly Matcher[], span: StepSpan): Promise<RollupResult>;
  stats(): Promise<SampleStats>;
  /** Where the series come from: the metrics with the most series, the labels with the most values. At most `limit` of each. */
  cardinality(limit: number): Promise<Cardinality>;
}

export interface AppendOptions {
  /** Rows may be of any age: an import, or an agent that was away for longer than the store's window. */
  readonly backfill?: boolean;
}

/**
 * What became of the rows of a batch. A row that was there already, with the same value, counts nowhere. A store may count as kept what it
 * has already moved out of its memory; the first value stays all the same.
 */
export interface AppendOutcome {
  readonly kept: number;
  /** Refused: the series has another value at that time. */
  readonly conflicting: number;
  /** Refused: older than the series' newest sample by more than the store's window. */
  readonly tooOld: number;
}

/** A span in steps, all in milliseconds. */
export interface StepSpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

/** Samples of one series summed up; row `i` of each column is the step that ends at `timesMs[i]`. */
export interface RollupColumns {
  readonly timesMs: Float64Array;
  /** Samples in the step; those that are no number count, but are in nothing else but `last`. */
  readonly count: Float64Array;
  /** NaN where the step has no number. */
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly sum: Float64Array;
  /** Bit for bit, a staleness mark too. */
  readonly last: Float64Array;
  /**
   * What a counter lost by starting anew within the step: the sum of its values before each drop, the step from the sample before included,
   * when that is at most an hour earlier.
   * An increase over steps is the difference of `last` and the sum of these. 0 for a metric whose name says that it is no counter.
   */
  readonly resets: Float64Array;
}

export interface SeriesRollup extends RollupColumns {
  readonly series: Series;
}

export interface RollupResult {
  /** What it was answered from: 0 for samples, else the length of the roll-up's steps. Of several, the coarsest. */
  readonly resolutionMs: number;
  readonly series: readonly SeriesRollup[];
}

export interface SampleStats {
  readonly series: number;
  /** A sample that was written again may count twice for a while. */
  readonly samples: number;
  readonly oldestMs?: number;
  readonly newestMs?: number;
  readonly bytes: number;
}

export interface Cardinality {
  readonly metrics: readonly { readonly name: string; readonly series: number }[];
  readonly labels: readonly { readonly name: string; readonly values: number }[];
}

/**
 * A value that can be indexed and compared. Texts compare by code point, whatever the database's collation. An indexed
 * text has at most 1,536 bytes of UTF-8, without NUL and half surrogate pairs; numbers are finite.
 */
export type IndexValue = string | number;

/**
 * Declares a collection. The same name must always be declared alike while the store is open; after that, an index that
 * is new on old data is filled in at the first use, and one that is gone is dropped.
 */
export interface CollectionDeclaration {
  /** Lower-case words joined by `_`; a plugin's own begin with `<plugin>__` and the context adds that. */
  readonly name: string;
  /**
   * Top-level properties of the value to index. A record whose property is missing or null is left out of that index.
   * `text` or `number` is what the property holds.
   */
  readonly indexes?: Readonly<Record<string, 'text' | 'number'>>;
}

/** A record as read. */
export interface StoredRecord<Value> {
  readonly key: string;
  readonly value: Value;
  /** Grows with every change in the whole store; never given twice. */
  readonly version: number;
}

export interface PutCondition {
  /** Only if the record still has this version; 0 means: only if there is none. Otherwise STORAGE_CONFLICT. */
  readonly ifVersion: number;
}

/** Which records, in which order, how many. Without `index` the key is what is ordered and bounded. */
export interface ListQuery {
  readonly index?: string;
  readonly equals?: IndexValue;
  /** Inclusive bounds. */
  readonly from?: IndexValue;
  readonly to?: IndexValue;
  readonly order?: 'ascending' | 'descending';
  /** Default 100; more than 1000 count as 1000, less than 1 is STORAGE_INVALID. */
  readonly limit?: number;
  /** `nextCursor` of the page before. Stays valid while records come and go. Foreign text gives STORAGE_INVALID. */
  readonly cursor?: string;
}

export interface Page<Value> {
  readonly records: readonly StoredRecord<Value>[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

/** A named set of JSON values under text keys. Values are copied in and out: changing one changes nothing stored. */
export interface Collection<Value> {
  get(key: string): Promise<StoredRecord<Value> | undefined>;
  /**
   * Creates or replaces; returns the new version. Durable when it resolves. The value is taken as it is at the call.
   * Throws STORAGE_INVALID for a value that is not JSON, and for a key that is not 1 to 512 bytes of UTF-8 without NUL.
   */
  put(key: string, value: Value, condition?: PutCondition): Promise<number>;
  /** True when there was one. */
  delete(key: string): Promise<boolean>;
  /** Ties on the index are ordered by key. Descending is exactly the reverse of ascending. */
  list(query?: ListQuery): Promise<Page<Value>>;
  count(query?: Pick<ListQuery, 'index' | 'equals' | 'from' | 'to'>): Promise<number>;
  /** Removes what {@link Collection.list} with the same bounds would list, without a limit; returns how many. For retention. */
  deleteWhere(query: Pick<ListQuery, 'index' | 'equals' | 'from' | 'to'>): Promise<number>;
}

/** Inside a transaction: the same collections, all or nothing. */
export interface RecordTransaction {
  collection<Value>(declaration: CollectionDeclaration): Collection<Value>;
}

/** Records: named collections with transactions. Everything that resolves is on disk (synced). */
export interface RecordStore extends RecordTransaction {
  /**
   * Runs `work`; what it did through its transaction is kept when it resolves and undone when it rejects.
   * Transactions run one after the other. Using the outer store inside `work` would wait for itself: don't.
   */
  transaction<Result>(work: (transaction: RecordTransaction) => Promise<Result>): Promise<Result>;
}

/** An open store. */
export interface Storage {
  readonly samples: SampleStore;
  readonly records: RecordStore;
  /** `ok`, or a sentence that says what is wrong. Cheap; asked by /health. */
  health(): Promise<'ok' | { readonly problem: string }>;
  /** Finishes what is running and lets go of files and locks. Idempotent. */
  close(): Promise<void>;
}

export interface StorageContext<Options> {
  readonly options: Options;
  /** Folder for the adapter's files; exists and may be written. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The storage kind: opens a store. Called once per process. */
export interface StorageAdapter<Schema extends TSchema = TSchema> {
  readonly name: string;
  readonly summary: string;
  readonly options: Schema;
  validate?(options: OptionsOf<Schema>): readonly Fault[];
  /** Throws STORAGE_LOCKED, STORAGE_CORRUPT, STORAGE_NEWER or STORAGE_UNAVAILABLE. */
  open(context: StorageContext<OptionsOf<Schema>>): Promise<Storage>;
  /**
   * Opens the store as it is at this moment, also while another process writes to it: changes nothing and takes no lock.
   * Throws STORAGE_EMPTY where there is none, STORAGE_OLDER for one that must be opened for writing first, and what `open` throws.
   */
  openForReading?(context: StorageContext<OptionsOf<Schema>>): Promise<StorageForReading>;
  /**
   * Copies the store into an empty folder, also while another process writes to it, and verifies the copy. Everything that
   * was acknowledged before the call is in it. Throws what `openForReading` throws, and BACKUP_FAILED.
   */
  backUp?(context: StorageContext<OptionsOf<Schema>>, folder: string): Promise<BackupContents>;
  /**
   * Puts what `backUp` has made in the place of the store. Throws BACKUP_UNUSABLE, STORAGE_LOCKED, RESTORE_WOULD_REPLACE or
   * BACKUP_FAILED, and then everything is as it was.
   */
  restore?(context: StorageContext<OptionsOf<Schema>>, request: RestoreRequest): Promise<RestoredStore>;
}

/** A store as it was when it was opened, for whoever only looks. */
export interface StorageForReading {
  readonly samples: Pick<
    SampleStore,
    'select' | 'latest' | 'series' | 'labelNames' | 'labelValues' | 'rollup' | 'stats' | 'cardinality'
  >;
  /** Idempotent. */
  close(): Promise<void>;
}

/** What there is in a backup, counted by opening it. */
export interface BackupContents {
  readonly series: number;
  /** As in {@link SampleStats}. */
  readonly samples: number;
  /** Of all files together. */
  readonly bytes: number;
}

export interface RestoreRequest {
  /** Folder of the backup. Nothing in it is changed. */
  readonly from: string;
  /** Sets data that is there already aside; without it, such data is a reason to refuse. */
  readonly replace: boolean;
}

export interface RestoredStore extends BackupContents {
  /** Where the data is now that was there before. Absent when there was none. */
  readonly movedTo?: string;
}
