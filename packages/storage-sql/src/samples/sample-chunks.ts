import type { Logger } from '@labkeeper/core';
import { decodeChunk, encodeChunk } from '@labkeeper/tsdb';
import type { Knex } from 'knex';
import type { WriteScope } from '../database/sql-database.js';
import { type Column, columnBetween, joinColumns, mergeColumns } from './sample-column.js';
import type { ChunkRow, SampleTables, WindowRow } from './sample-tables.js';

/** Samples of one series that go into chunks. */
export interface SeriesColumn {
  readonly seriesId: number;
  readonly column: Column;
}

/** Which samples to remove from a window. */
export interface SpanOfSeries {
  readonly ids: readonly number[];
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Chunks read in one query: some 50 MB in memory at most. A wider selection takes several queries, with turns for
 * others in between.
 */
const CHUNKS_AT_ONCE = 20_000;

/**
 * The samples that have left the head: one chunk for each series in each window of time. Chunks of one window are written
 * side by side, so that a window is appended to the table like a page to a book.
 */
export class SampleChunks {
  readonly #windows = new Map<number, WindowRow>();

  /** Chunks that were told of as damaged, as `window/series`. */
  readonly #damaged = new Set<string>();

  private constructor(
    private readonly tables: SampleTables,
    private readonly windowMs: number,
    private readonly log: Logger,
  ) {}

  static async load(
    sql: Knex,
    tables: SampleTables,
    { windowMs, log }: { readonly windowMs: number; readonly log: Logger },
  ): Promise<SampleChunks> {
    const chunks = new SampleChunks(tables, windowMs, log);
    for (const row of await tables.readWindows(sql)) chunks.#windows.set(row.windowNumber, row);
    return chunks;
  }

  windowOf(timeMs: number): number {
    return Math.floor(timeMs / this.windowMs);
  }

  startOf(windowNumber: number): number {
    return windowNumber * this.windowMs;
  }

  /** Numbers of the windows that hold anything between the times, ascending. */
  windowsBetween(fromMs: number, toMs: number): readonly number[] {
    const found: number[] = [];
    for (const { windowNumber, oldestMs, newestMs } of this.#windows.values()) {
      if (oldestMs <= toMs && newestMs >= fromMs) found.push(windowNumber);
    }
    return found.sort((a, b) => a - b);
  }

  rows(): Iterable<WindowRow> {
    return this.#windows.values();
  }

  /** The samples of these series in these windows, in parts of ascending time, by series. */
  async read(
    sql: Knex,
    windows: readonly number[],
    ids: readonly number[],
  ): Promise<ReadonlyMap<number, Column[]>> {
    const found = new Map<number, Column[]>();
    const step = Math.max(1, Math.floor(CHUNKS_AT_ONCE / Math.max(1, ids.length)));
    for (let start = 0; start < windows.length; start += step) {
      for (const row of await this.tables.readChunks(sql, windows.slice(start, start + step), ids)) {
        const columns = found.get(row.seriesId) ?? [];
        columns.push(this.#columnOf(row));
        found.set(row.seriesId, columns);
      }
    }
    return found;
  }

  /** Puts samples into chunks. Where a chunk has a time already, the new value wins. */
  async add(scope: WriteScope, added: readonly SeriesColumn[]): Promise<void> {
    const rows: ChunkRow[] = [];
    const windows = new Map<number, WindowRow>();
    for (const [windowNumber, columns] of this.#byWindow(added)) {
      const present = await this.#presentChunks(
        scope.sql,
        windowNumber,
        columns.map(({ seriesId }) => seriesId),
      );
      for (const { seriesId, column } of columns) {
        const before = present.get(seriesId);
        const row = this.#rowOf(
          windowNumber,
          seriesId,
          before ? mergeColumns(this.#columnOf(before), column) : column,
        );
        rows.push(row);
        const sum = windows.get(windowNumber) ?? this.#windows.get(windowNumber);
        windows.set(windowNumber, sumWith(sum, row, before));
      }
    }
    await this.tables.upsertChunks(scope.sql, rows);
    await this.tables.upsertWindows(scope.sql, [...windows.values()]);
    scope.afterCommit(() => {
      for (const [windowNumber, row] of windows) this.#windows.set(windowNumber, row);
    });
  }

  /** Removes what these series have in one window between the times; returns how many samples. */
  async cut(scope: WriteScope, windowNumber: number, span: SpanOfSeries): Promise<number> {
    const isWhole =
      span.fromMs <= this.startOf(windowNumber) && span.toMs >= this.startOf(windowNumber + 1) - 1;
    const removed = isWhole
      ? await this.tables.deleteChunks(scope.sql, windowNumber, span.ids)
      : await this.#cutOut(scope.sql, windowNumber, span);
    if (removed > 0) await this.#sumAgain(scope, windowNumber);
    return removed;
  }

  async #cutOut(sql: Knex, windowNumber: number, { ids, fromMs, toMs }: SpanOfSeries): Promise<number> {
    const [kept, gone]: [ChunkRow[], number[]] = [[], []];
    let removed = 0;
    for (const row of await this.tables.readChunks(sql, [windowNumber], ids)) {
      const rest = this.#outside(row, fromMs, toMs);
      removed += row.samples - rest.timesMs.length;
      if (rest.timesMs.length === 0) gone.push(row.seriesId);
      else if (rest.timesMs.length < row.samples) kept.push(this.#rowOf(windowNumber, row.seriesId, rest));
    }
    if (gone.length > 0) await this.tables.deleteChunks(sql, windowNumber, gone);
    await this.tables.upsertChunks(sql, kept);
    return removed;
  }

  async #sumAgain(scope: WriteScope, windowNumber: number): Promise<void> {
    const [row] = await this.tables.sumWindows(scope.sql, [windowNumber]);
    if (row) await this.tables.upsertWindows(scope.sql, [row]);
    else await this.tables.deleteWindows(scope.sql, [windowNumber]);
    scope.afterCommit(() => {
      if (row) this.#windows.set(windowNumber, row);
      else this.#windows.delete(windowNumber);
    });
  }

  /** What of a chunk lies outside the span. */
  #outside(row: ChunkRow, fromMs: number, toMs: number): Column {
    const column = this.#columnOf(row);
    const before = columnBetween(column, Number.NEGATIVE_INFINITY, fromMs - 1);
    return joinColumns([before, columnBetween(column, toMs + 1, Number.POSITIVE_INFINITY)]);
  }

  #byWindow(added: readonly SeriesColumn[]): readonly (readonly [number, SeriesColumn[]])[] {
    const windows = new Map<number, SeriesColumn[]>();
    for (const { seriesId, column } of added) {
      for (let rest = column; rest.timesMs.length > 0; ) {
        const windowNumber = this.windowOf(rest.timesMs[0] as number);
        const endMs = this.startOf(windowNumber + 1);
        const columns = windows.get(windowNumber) ?? [];
        columns.push({ seriesId, column: columnBetween(rest, Number.NEGATIVE_INFINITY, endMs - 1) });
        windows.set(windowNumber, columns);
        rest = columnBetween(rest, endMs, Number.POSITIVE_INFINITY);
      }
    }
    return [...windows].sort(([a], [b]) => a - b);
  }

  async #presentChunks(
    sql: Knex,
    windowNumber: number,
    ids: readonly number[],
  ): Promise<ReadonlyMap<number, ChunkRow>> {
    if (!this.#windows.has(windowNumber)) return new Map();
    const rows = await this.tables.readChunks(sql, [windowNumber], ids);
    return new Map(rows.map((row) => [row.seriesId, row]));
  }

  /** Nothing for a chunk that is damaged: it costs its own samples, and nothing else. */
  #columnOf({ windowNumber, seriesId, data }: ChunkRow): Column {
    try {
      return decodeChunk(data, this.startOf(windowNumber));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#tellOfDamage(`${windowNumber}/${seriesId}`, error);
      return NO_SAMPLES;
    }
  }

  #tellOfDamage(place: string, error: RangeError): void {
    if (this.#damaged.has(place)) return;
    this.#damaged.add(place);
    this.log.error('a damaged chunk of samples is left out', { chunk: place, reason: error.message });
  }

  #rowOf(windowNumber: number, seriesId: number, column: Column): ChunkRow {
    const { timesMs } = column;
    return {
      windowNumber,
      seriesId,
      samples: timesMs.length,
      firstMs: timesMs[0] as number,
      lastMs: timesMs[timesMs.length - 1] as number,
      data: asBuffer(encodeChunk(column, this.startOf(windowNumber))),
    };
  }
}

const NO_SAMPLES: Column = { timesMs: new Float64Array(0), values: new Float64Array(0) };

/** The drivers know bytes as Buffer only. */
function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function sumWith(sum: WindowRow | undefined, row: ChunkRow, before: ChunkRow | undefined): WindowRow {
  return {
    windowNumber: row.windowNumber,
    samples: (sum?.samples ?? 0) + row.samples - (before?.samples ?? 0),
    bytes: (sum?.bytes ?? 0) + row.data.length - (before?.data.length ?? 0),
    oldestMs: Math.min(sum?.oldestMs ?? row.firstMs, row.firstMs),
    newestMs: Math.max(sum?.newestMs ?? row.lastMs, row.lastMs),
  };
}
