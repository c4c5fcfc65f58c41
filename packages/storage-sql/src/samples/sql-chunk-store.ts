import { LabkeeperError } from '@labkeeper/core';
import type {
  ChunkStore,
  NewPack,
  NumberedSeries,
  PackInfo,
  SealedSegments,
  StoreChange,
  StoredDirectory,
} from '@labkeeper/tsdb';
import type { Knex } from 'knex';
import { queryRows } from '../database/query-rows.js';
import type { SqlDatabase } from '../database/sql-database.js';

/** Rows in one statement: beyond some hundred the gain is gone, and SQLite takes at most 32,766 parameters. */
const ROWS_AT_ONCE = 100;

/** Of the file's pages, so many may be free: after a day has settled, its sealed packs leave room for those of the next. */
const FREE_SHARE = 0.2;
/** Pages that are given back at once: 8 MB, in which nobody else can write. */
const PAGES_AT_ONCE = 2_000;

const SEALED = 'samples_sealed';

const PACK_FIELDS = `id, resolution_ms as "resolutionMs", from_ms as "fromMs", to_ms as "toMs", is_settled as "isSettled", first_series as "firstSeries",
  last_series as "lastSeries", samples, oldest_ms as "oldestMs", newest_ms as "newestMs", length(data) as bytes`;
const PACK_COLUMNS =
  'id, resolution_ms, from_ms, to_ms, is_settled, first_series, last_series, samples, oldest_ms, newest_ms, data';

/** A pack as the database gives it: SQLite has no true and false. */
type PackRow = Omit<PackInfo, 'isSettled'> & { readonly isSettled: number };

/** Packs of samples as rows, and the series in them. Lists of numbers travel as JSON, so that they have no limit. */
export class SqlChunkStore implements ChunkStore {
  readonly #numbers: string;

  constructor(
    private readonly database: SqlDatabase,
    /** Called when the database says that it is damaged. */
    private readonly onCorrupt: () => void = () => undefined,
  ) {
    this.#numbers =
      database.dialect === 'sqlite'
        ? '(select value from json_each(?))'
        : '(select number::bigint from json_array_elements_text(?::json) as numbers (number))';
  }

  load = (): Promise<StoredDirectory> =>
    this.database.read(async (sql) => {
      const rows = await queryRows<{ id: number; name: string; labels: string }>(
        sql,
        'select id, name, labels from sample_series order by id',
      );
      const series = rows.map(
        ({ id, name, labels }): NumberedSeries => ({
          id,
          name,
          labels: JSON.parse(labels) as NumberedSeries['labels'],
        }),
      );
      const found = await queryRows<PackRow>(sql, `select ${PACK_FIELDS} from sample_packs`);
      const packs = found.map((row): PackInfo => ({ ...row, isSettled: row.isSettled === 1 }));
      const mark = await sql<{ name: string; value: string }>('store_meta')
        .where({ name: SEALED })
        .first('value');
      return { series, packs, ...(mark ? { sealed: JSON.parse(mark.value) as SealedSegments } : {}) };
    });

  /** A pack that the database cannot read is left out; the others are given all the same. */
  read = async (ids: readonly number[]): Promise<ReadonlyMap<number, Uint8Array>> => {
    try {
      return await this.#read(ids);
    } catch (error) {
      if (!isCorrupt(error)) throw error;
      this.onCorrupt();
      if (ids.length === 1) return new Map();
      const found = new Map<number, Uint8Array>();
      for (const id of ids) for (const [one, data] of await this.read([id])) found.set(one, data);
      return found;
    }
  };

  commit = (change: StoreChange): Promise<void> =>
    this.database.write('synced', async ({ sql }) => {
      await this.#remove(sql, 'sample_packs', change.removedPacks ?? []);
      await this.#remove(sql, 'sample_series', change.removedSeries ?? []);
      await insertSeries(sql, change.addedSeries ?? []);
      await insertPacks(sql, change.addedPacks ?? []);
      if (change.sealed) await markSealed(sql, change.sealed);
    });

  /** SQLite keeps the pages of what was removed, for what comes. PostgreSQL has its own vacuum. */
  tidy = async (): Promise<void> => {
    if (this.database.dialect !== 'sqlite') return;
    for (let free = await this.#muchRoom(); free > 0; ) {
      await this.database.upkeep((sql) => sql.raw(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`));
      const left = await this.#muchRoom();
      // A file that was made in another way gives nothing back.
      if (left >= free) return;
      free = left;
    }
  };

  #muchRoom(): Promise<number> {
    return this.database.upkeep(pagesToGiveBack);
  }

  #read(ids: readonly number[]): Promise<ReadonlyMap<number, Uint8Array>> {
    return this.database.read(async (sql) => {
      const rows = await queryRows<{ id: number; data: Uint8Array }>(
        sql,
        `select id, data from sample_packs where id in ${this.#numbers}`,
        [JSON.stringify(ids)],
      );
      return new Map(rows.map(({ id, data }) => [id, data]));
    });
  }

  async #remove(sql: Knex, table: string, ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    await sql.raw(`delete from ${table} where id in ${this.#numbers}`, [JSON.stringify(ids)]);
  }
}

async function insertSeries(sql: Knex, added: readonly NumberedSeries[]): Promise<void> {
  for (let start = 0; start < added.length; start += ROWS_AT_ONCE) {
    const part = added.slice(start, start + ROWS_AT_ONCE);
    const bindings = part.flatMap(({ id, name, labels }) => [id, name, JSON.stringify(labels)]);
    await sql.raw(
      `insert into sample_series (id, name, labels) values ${part.map(() => '(?, ?, ?)').join(', ')}
       on conflict (id) do nothing`,
      bindings,
    );
  }
}

/** One statement each: a pack is some 48 KB. What a commit whose outcome nobody knows has left is there already. */
async function insertPacks(sql: Knex, packs: Iterable<NewPack>): Promise<void> {
  for (const pack of packs) {
    const {
      id,
      resolutionMs,
      fromMs,
      toMs,
      isSettled,
      firstSeries,
      lastSeries,
      samples,
      oldestMs,
      newestMs,
      data,
    } = pack;
    await sql.raw(
      `insert into sample_packs (${PACK_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       on conflict (id) do nothing`,
      [
        id,
        resolutionMs,
        fromMs,
        toMs,
        isSettled ? 1 : 0,
        firstSeries,
        lastSeries,
        samples,
        oldestMs,
        newestMs,
        asBuffer(data),
      ],
    );
  }
}

async function markSealed(sql: Knex, sealed: SealedSegments): Promise<void> {
  await sql('store_meta')
    .insert({ name: SEALED, value: JSON.stringify(sealed) })
    .onConflict('name')
    .merge();
}

/** The drivers know bytes as Buffer only. */
function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** Free pages when they are many, else 0. */
async function pagesToGiveBack(sql: Knex): Promise<number> {
  const [free] = await queryRows<{ freelist_count: number }>(sql, 'PRAGMA freelist_count');
  const [all] = await queryRows<{ page_count: number }>(sql, 'PRAGMA page_count');
  const pages = free?.freelist_count ?? 0;
  return pages > Math.max(PAGES_AT_ONCE / 8, (all?.page_count ?? 0) * FREE_SHARE) ? pages : 0;
}

function isCorrupt(error: unknown): boolean {
  return error instanceof LabkeeperError && error.code === 'STORAGE_CORRUPT';
}
