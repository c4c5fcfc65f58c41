import type { Series } from '@labkeeper/core';
import type { Knex } from 'knex';
import type { WriteScope } from '../database/sql-database.js';
import { decodeLogBatches, encodeLogBatch, type LogBatch } from './log-codec.js';
import type { LogRow, SampleTables } from './sample-tables.js';
import { type IndexedSeries, indexedSeries, SeriesIndex } from './series-index.js';
import { sortBySeries } from './sort-by-series.js';

/** The rows of one append, copied from the caller. */
export interface IncomingRows {
  readonly series: readonly Series[];
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

/** Up to where the log is in chunks: of flushes up to `logId`, the samples before `beforeMs`. */
export interface SealedMark {
  readonly logId: number;
  readonly beforeMs: number;
}

const SEALED = 'samples_sealed';

/**
 * The samples that are not in chunks yet: in memory, by series, and as flushes in the log, from which the memory is filled
 * at the next start. One flush is one row of bytes, whatever number of series is in it: that is what keeps writing cheap.
 */
export class SampleHead {
  readonly index = new SeriesIndex();
  #samples = 0;
  #logBytes = 0;
  #lastLogId = 0;
  #lastSeriesId = 0;
  #sealed: SealedMark = { logId: 0, beforeMs: Number.NEGATIVE_INFINITY };
  /** An append failed, and it may have been committed all the same: look at the database before the next. */
  #isDoubtful = false;

  private constructor(private readonly tables: SampleTables) {}

  static async load(sql: Knex, tables: SampleTables): Promise<SampleHead> {
    const head = new SampleHead(tables);
    await head.#readSeries(sql);
    const mark = await sql<{ name: string; value: string }>('store_meta')
      .where({ name: SEALED })
      .first('value');
    if (mark) head.#sealed = JSON.parse(mark.value) as SealedMark;
    head.#lastLogId = head.#sealed.logId;
    head.#replay(await tables.readLog(sql));
    return head;
  }

  get samples(): number {
    return this.#samples;
  }

  /** Bytes of the flushes that are not in chunks yet, about. */
  get logBytes(): number {
    return this.#logBytes;
  }

  get sealed(): SealedMark {
    return this.#sealed;
  }

  get lastLogId(): number {
    return this.#lastLogId;
  }

  /** Writes one flush. The memory follows when it has been committed. */
  async append(scope: WriteScope, { series, timesMs, values }: IncomingRows): Promise<void> {
    if (this.#isDoubtful) await this.#readAgain(scope.sql);
    const added = new Map<string, IndexedSeries>();
    const entries = series.map((one) => this.index.find(one) ?? this.#incoming(added, one));
    if (added.size > 0) await this.tables.insertSeries(scope.sql, [...added.values()]);
    const data = encodeLogBatch({ seriesIds: Int32Array.from(entries, ({ id }) => id), timesMs, values });
    const id = this.#lastLogId + 1;
    await this.tables.insertLog(scope.sql, { id, newestMs: newest(timesMs), data });
    scope.afterCommit(() => {
      this.#lastLogId = id;
      this.#logBytes += data.length;
      for (const entry of added.values()) this.index.add(entry);
      this.#remember(entries, timesMs, values);
    });
    scope.afterRollback(() => {
      this.#isDoubtful = true;
    });
  }

  /** Forgets the samples of a series before `beforeMs`: they are in chunks. */
  drop({ head }: IndexedSeries, beforeMs: number): void {
    this.#samples -= head.dropBefore(beforeMs);
  }

  /** Notes up to where the log is in chunks, and removes what is wholly there. */
  async markSealed({ sql, afterCommit }: WriteScope, mark: SealedMark): Promise<void> {
    const isAll = mark.beforeMs === Number.POSITIVE_INFINITY;
    await this.tables.deleteLog(sql, mark.logId, isAll ? undefined : mark.beforeMs);
    // When all flushes up to the mark are gone, there is nothing left of which a part must be skipped. JSON has no infinity.
    const kept = isAll ? { logId: mark.logId, beforeMs: Number.MIN_SAFE_INTEGER } : mark;
    await sql('store_meta')
      .insert({ name: SEALED, value: JSON.stringify(kept) })
      .onConflict('name')
      .merge();
    afterCommit(() => {
      this.#sealed = kept;
      if (this.#samples === 0) this.#logBytes = 0;
      else this.#logBytes = Math.min(this.#logBytes, this.#samples * BYTES_OF_A_LOGGED_SAMPLE);
    });
  }

  #incoming(added: Map<string, IndexedSeries>, series: Series): IndexedSeries {
    const entry = indexedSeries(this.#lastSeriesId + 1, series);
    const known = added.get(entry.key);
    if (known) return known;
    this.#lastSeriesId = entry.id;
    added.set(entry.key, entry);
    return entry;
  }

  #remember(entries: readonly IndexedSeries[], timesMs: Float64Array, values: Float64Array): void {
    const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
    for (let row = 0; row < entries.length; row++) {
      const entry = entries[row] as IndexedSeries;
      if (entry.head.put(timesMs[row] as number, words, row)) this.#samples += 1;
    }
  }

  async #readSeries(sql: Knex): Promise<void> {
    for (const { id, name, labels } of await this.tables.readSeries(sql)) {
      this.#lastSeriesId = Math.max(this.#lastSeriesId, id);
      if (!this.index.byId(id)) this.index.add(indexedSeries(id, { name, labels }));
    }
  }

  /** After a commit whose outcome nobody knows: what the database has counts, also rows that nobody was told of. */
  async #readAgain(sql: Knex): Promise<void> {
    await this.#readSeries(sql);
    const log = await this.tables.readLog(sql);
    this.#replay(log.filter(({ id }) => id > this.#lastLogId));
    this.#isDoubtful = false;
  }

  /** Fills the memory from the log. A start after kill -9 spends most of its time here. */
  #replay(rows: readonly LogRow[]): void {
    for (const { id, data } of rows) {
      this.#lastLogId = Math.max(this.#lastLogId, id);
      this.#logBytes += data.length;
    }
    const { logId, beforeMs } = this.#sealed;
    const partly = rows.filter(({ id }) => id <= logId);
    this.#put(decodeLogBatches(partly.map(({ data }) => data)), beforeMs);
    const wholly = rows.slice(partly.length);
    this.#put(decodeLogBatches(wholly.map(({ data }) => data)), Number.NEGATIVE_INFINITY);
  }

  /** Keeps the rows from `fromMs` on; those before are in chunks. */
  #put(batch: LogBatch, fromMs: number): void {
    sortBySeries(batch, (id, timesMs, words) => {
      const head = this.index.byId(id)?.head;
      if (!head) return;
      this.#samples += head.putAll(timesMs, words) - head.dropBefore(fromMs);
    });
  }
}

/** What a sample takes in the log; for statistics only. */
const BYTES_OF_A_LOGGED_SAMPLE = 12;

function newest(timesMs: Float64Array): number {
  let newestMs = Number.NEGATIVE_INFINITY;
  for (const timeMs of timesMs) if (timeMs > newestMs) newestMs = timeMs;
  return newestMs;
}
