import type { Fault } from '../errors/fault.js';
import type { SampleBatch, Series } from '../model/sample.js';
import type { Clock } from './clock.js';
import type { Logger } from './log.js';
import type { OptionsOf, TSchema } from './options.js';
import type { Matcher, SeriesSamples } from './query.js';

/**
 * Samples: the narrow face of a time-series store.
 * Times are integer milliseconds UTC. Values are kept bit for bit, the payload of Prometheus' staleness NaN included.
 */
export interface SampleStore {
  /**
   * Keeps all rows or none. Resolves when the store's promised durability holds. Rows of one series may come in any
   * order; a second row for the same series and time wins over the first. Called once per flush of ingest.
   * Throws STORAGE_UNAVAILABLE (caller keeps the batch and tries again).
   */
  append(batch: SampleBatch): Promise<void>;
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
  stats(): Promise<SampleStats>;
}

export interface SampleStats {
  readonly series: number;
  /** A sample that was written again may count twice for a while. */
  readonly samples: number;
  readonly oldestMs?: number;
  readonly newestMs?: number;
  readonly bytes: number;
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
}
