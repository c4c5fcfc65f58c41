import type { Knex } from 'knex';
import type { WriteScope } from '../database/sql-database.js';

const NAME = 'version';

/**
 * Versions taken out at once. The database only remembers up to where versions may have been given, so most commits need
 * not write the counter. A restart skips what was left: 2⁵³ versions last for 285 years of a million restarts a year.
 */
const TAKEN_AT_ONCE = 1_000;

/** The version counter of the whole store: grows, and gives no number twice, not even after a rollback or a crash. */
export class VersionCounter {
  #last: number;
  #reserved: number;

  private constructor(reserved: number) {
    this.#last = reserved;
    this.#reserved = reserved;
  }

  /** Goes on behind everything that an earlier process may have given. */
  static async load(sql: Knex): Promise<VersionCounter> {
    const row = await sql<{ name: string; value: string }>('store_meta').where({ name: NAME }).first('value');
    return new VersionCounter(Number(row?.value ?? 0));
  }

  async next(scope: WriteScope): Promise<number> {
    if (this.#last >= this.#reserved) await this.#reserve(scope);
    this.#last += 1;
    return this.#last;
  }

  async #reserve({ sql, afterRollback }: WriteScope): Promise<void> {
    const reserved = this.#last + TAKEN_AT_ONCE;
    await sql('store_meta')
      .insert({ name: NAME, value: String(reserved) })
      .onConflict('name')
      .merge();
    this.#reserved = reserved;
    // What was reserved in a transaction that is undone is not on record: reserve again.
    afterRollback(() => {
      this.#reserved = this.#last;
    });
  }
}
