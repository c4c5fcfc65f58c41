import type { Series } from '@labkeeper/core';
import type { Knex } from 'knex';
import { queryRows } from '../database/query-rows.js';
import type { Dialect } from '../database/store-schema.js';
import type { IndexedSeries } from './series-index.js';

/** The samples of one series within one window. */
export interface ChunkRow {
  readonly windowNumber: number;
  readonly seriesId: number;
  readonly samples: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly data: Uint8Array;
}

/** What the chunks of one window hold together. */
export interface WindowRow {
  readonly windowNumber: number;
  readonly samples: number;
  readonly bytes: number;
  readonly oldestMs: number;
  readonly newestMs: number;
}

/** A flush that is not in chunks yet. */
export interface LogRow {
  readonly id: number;
  readonly newestMs: number;
  readonly data: Uint8Array;
}

/** Rows in one statement: beyond some hundred the gain is gone, and SQLite takes at most 32,766 parameters. */
const ROWS_AT_ONCE = 200;

const CHUNK_COLUMNS = 'window_number, series_id, samples, first_ms, last_ms, data';
const CHUNK_FIELDS =
  'window_number as "windowNumber", series_id as "seriesId", samples, first_ms as "firstMs", last_ms as "lastMs", data';
const WINDOW_FIELDS =
  'window_number as "windowNumber", samples, bytes, oldest_ms as "oldestMs", newest_ms as "newestMs"';

/** The SQL of samples, one statement each; no thought in here. Lists of numbers travel as JSON, so that they have no limit. */
export class SampleTables {
  readonly #numbers: string;

  constructor(dialect: Dialect) {
    this.#numbers =
      dialect === 'sqlite'
        ? '(select value from json_each(?))'
        : '(select number::bigint from json_array_elements_text(?::json) as numbers (number))';
  }

  async readSeries(sql: Knex): Promise<readonly (Series & { readonly id: number })[]> {
    const rows = await queryRows<{ id: number; name: string; labels: string }>(
      sql,
      'select id, name, labels from sample_series',
    );
    return rows.map(({ id, name, labels }) => ({ id, name, labels: JSON.parse(labels) as Series['labels'] }));
  }

  async insertSeries(sql: Knex, added: readonly IndexedSeries[]): Promise<void> {
    for (const part of parts(added)) {
      const bindings = part.flatMap(({ id, series }) => [id, series.name, JSON.stringify(series.labels)]);
      await sql.raw(
        `insert into sample_series (id, name, labels) values ${tuples(part.length, 3)}`,
        bindings,
      );
    }
  }

  async deleteSeries(sql: Knex, ids: readonly number[]): Promise<void> {
    await sql.raw(`delete from sample_series where id in ${this.#numbers}`, [JSON.stringify(ids)]);
  }

  /** Of these series, those without a chunk in any window. */
  async withoutChunks(sql: Knex, ids: readonly number[]): Promise<readonly number[]> {
    const rows = await queryRows<{ id: number }>(
      sql,
      `select id from sample_series where id in ${this.#numbers} and not exists (
         select 1 from sample_windows cross join sample_chunks
         where sample_chunks.window_number = sample_windows.window_number and series_id = sample_series.id)`,
      [JSON.stringify(ids)],
    );
    return rows.map(({ id }) => Number(id));
  }

  readLog(sql: Knex): Promise<readonly LogRow[]> {
    return queryRows<LogRow>(sql, 'select id, newest_ms as "newestMs", data from sample_log order by id');
  }

  async insertLog(sql: Knex, { id, newestMs, data }: LogRow): Promise<void> {
    await sql.raw('insert into sample_log (id, newest_ms, data) values (?, ?, ?)', [
      id,
      newestMs,
      data as Buffer,
    ]);
  }

  /** Forgets flushes up to `lastId` whose samples are all older than `beforeMs`, or all up to `lastId` without it. */
  async deleteLog(sql: Knex, lastId: number, beforeMs: number | undefined): Promise<void> {
    if (beforeMs === undefined) await sql.raw('delete from sample_log where id <= ?', [lastId]);
    else await sql.raw('delete from sample_log where id <= ? and newest_ms < ?', [lastId, beforeMs]);
  }

  readWindows(sql: Knex): Promise<readonly WindowRow[]> {
    return queryRows<WindowRow>(sql, `select ${WINDOW_FIELDS} from sample_windows order by window_number`);
  }

  /** The sums of these windows as their chunks are now; windows without any chunk are left out. */
  async sumWindows(sql: Knex, windows: readonly number[]): Promise<readonly WindowRow[]> {
    const rows = await queryRows<WindowRow>(
      sql,
      `select window_number as "windowNumber", cast(sum(samples) as bigint) as samples,
         cast(sum(length(data)) as bigint) as bytes, min(first_ms) as "oldestMs", max(last_ms) as "newestMs"
       from sample_chunks where window_number in ${this.#numbers} group by window_number`,
      [JSON.stringify(windows)],
    );
    return rows;
  }

  async upsertWindows(sql: Knex, rows: readonly WindowRow[]): Promise<void> {
    for (const part of parts(rows)) {
      const bindings = part.flatMap((row) => [
        row.windowNumber,
        row.samples,
        row.bytes,
        row.oldestMs,
        row.newestMs,
      ]);
      await sql.raw(
        `insert into sample_windows (window_number, samples, bytes, oldest_ms, newest_ms) values ${tuples(part.length, 5)}
         on conflict (window_number) do update set samples = excluded.samples, bytes = excluded.bytes,
           oldest_ms = excluded.oldest_ms, newest_ms = excluded.newest_ms`,
        bindings,
      );
    }
  }

  async deleteWindows(sql: Knex, windows: readonly number[]): Promise<void> {
    await sql.raw(`delete from sample_windows where window_number in ${this.#numbers}`, [
      JSON.stringify(windows),
    ]);
  }

  readChunks(sql: Knex, windows: readonly number[], ids: readonly number[]): Promise<readonly ChunkRow[]> {
    return queryRows<ChunkRow>(
      sql,
      `select ${CHUNK_FIELDS} from sample_chunks
       where window_number in ${this.#numbers} and series_id in ${this.#numbers} order by window_number`,
      [JSON.stringify(windows), JSON.stringify(ids)],
    );
  }

  async upsertChunks(sql: Knex, rows: readonly ChunkRow[]): Promise<void> {
    for (const part of parts(rows)) {
      const bindings = part.flatMap((row) => [
        row.windowNumber,
        row.seriesId,
        row.samples,
        row.firstMs,
        row.lastMs,
        row.data as Buffer,
      ]);
      await sql.raw(
        `insert into sample_chunks (${CHUNK_COLUMNS}) values ${tuples(part.length, 6)}
         on conflict (window_number, series_id) do update set samples = excluded.samples, first_ms = excluded.first_ms,
           last_ms = excluded.last_ms, data = excluded.data`,
        bindings,
      );
    }
  }

  /** Returns how many samples were in the chunks. */
  async deleteChunks(sql: Knex, windowNumber: number, ids: readonly number[]): Promise<number> {
    const rows = await queryRows<{ samples: number }>(
      sql,
      `delete from sample_chunks where window_number = ? and series_id in ${this.#numbers} returning samples`,
      [windowNumber, JSON.stringify(ids)],
    );
    return rows.reduce((total, { samples }) => total + samples, 0);
  }
}

function parts<Item>(items: readonly Item[]): (readonly Item[])[] {
  const cut: (readonly Item[])[] = [];
  for (let start = 0; start < items.length; start += ROWS_AT_ONCE)
    cut.push(items.slice(start, start + ROWS_AT_ONCE));
  return cut;
}

function tuples(rows: number, columns: number): string {
  const tuple = `(${Array<string>(columns).fill('?').join(', ')})`;
  return Array<string>(rows).fill(tuple).join(', ');
}
