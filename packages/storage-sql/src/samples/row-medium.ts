import type { FoundSegment, JournalMedium } from '@labkeeper/tsdb';
import { queryRows } from '../database/query-rows.js';
import type { SqlDatabase } from '../database/sql-database.js';

/** The journal of samples as rows, for a database server: what it holds must not lie on the machine that happens to run us. */
export class RowMedium implements JournalMedium {
  #segment = 0;
  #position = 0;

  constructor(
    private readonly database: SqlDatabase,
    /** Whether each write must survive a power cut at the server. */
    private readonly isSynced: boolean,
  ) {}

  async *read(): AsyncIterable<FoundSegment> {
    const segments = await this.database.read((sql) =>
      queryRows<{ segment: number }>(sql, 'select distinct segment from sample_journal order by segment'),
    );
    for (const { segment } of segments) {
      const rows = await this.database.read((sql) =>
        queryRows<{ data: Uint8Array }>(
          sql,
          'select data from sample_journal where segment = ? order by position',
          [segment],
        ),
      );
      yield { number: Number(segment), bytes: Buffer.concat(rows.map(({ data }) => data)) };
    }
  }

  begin = async (segment: number): Promise<void> => {
    this.#segment = segment;
    this.#position = 0;
  };

  write = async (bytes: Uint8Array): Promise<void> => {
    // A copy: the journal writes over its bytes when they have been taken.
    const data = Buffer.from(bytes);
    const position = this.#position;
    await this.database.write(this.isSynced ? 'synced' : 'relaxed', async ({ sql }) => {
      await sql.raw('insert into sample_journal (segment, position, data) values (?, ?, ?)', [
        this.#segment,
        position,
        data,
      ]);
    });
    this.#position += 1;
  };

  /** A synced commit makes everything before it safe, and each of ours is one already or is followed by one. */
  sync = (): Promise<void> => this.database.sync();

  drop = (segments: readonly number[]): Promise<void> =>
    this.database.write('relaxed', async ({ sql }) => {
      await sql('sample_journal')
        .whereIn('segment', [...segments])
        .delete();
    });

  close = async (): Promise<void> => undefined;
}
