import type { SqliteConnection } from '../sqlite-connection.js';
import type { DamagedTable } from './damaged-schema.js';
import type { Key, KeySpace } from './key-space.js';
import { type Gap, readBatch, type Way } from './read-batch.js';

/** What was copied of a table. */
export interface Copied {
  readonly rowsRead: number;
  /** Rows that are known to be there, but cannot be read. */
  readonly unreadable: number;
  /** No place is left where there may be rows that nobody saw. */
  readonly isWhole: boolean;
}

/** Enough rows in a statement that its own cost does not count. The new pages of a statement do not stay in memory. */
const MOST_ROWS = 1_024;

/** Walks along a table take time that grows with it. */
const WALKS = 100;
const WALKED_ROWS = 64;

/** Copies the rows of a table with one key: from both ends up to the damage, then what lies between damaged places. */
export async function copyByKey(
  connection: SqliteConnection,
  table: DamagedTable,
  keys: KeySpace,
): Promise<Copied> {
  const copy = new CopyByKey(connection, { table, keys });
  const isWhole = await copy.run();
  return { rowsRead: copy.rowsRead, unreadable: copy.unreadable, isWhole };
}

class CopyByKey {
  rowsRead = 0;
  unreadable = 0;
  #walks = WALKS;

  constructor(
    private readonly connection: SqliteConnection,
    private readonly source: { readonly table: DamagedTable; readonly keys: KeySpace },
  ) {}

  async run(): Promise<boolean> {
    const whole: Gap = { after: undefined, before: undefined };
    const above = await this.#scan(whole, 'ascending', MOST_ROWS);
    const between = above && (await this.#scan(above, 'descending', MOST_ROWS));
    if (between === undefined) return true;
    await this.#searchGaps(between);
    return false;
  }

  /** Both edges of every gap are damaged. In turn, so that no part of the damage uses up all the guesses. */
  async #searchGaps(first: Gap): Promise<void> {
    const gaps = [first];
    for (let guess = 0; guess < this.source.keys.guesses; guess++) {
      const gap = gaps.shift();
      if (gap === undefined) return;
      const middle = this.source.keys.between(gap.after, gap.before);
      if (middle !== undefined) gaps.push(...(await this.#searchAround(gap, middle)));
    }
  }

  /** Reads from the middle of a gap to both sides, and gives what is left of it. */
  async #searchAround({ after, before }: Gap, middle: Key): Promise<readonly Gap[]> {
    const low: Gap = { after, before: middle };
    const high: Gap = { after: middle, before };
    const rest = await this.#scan({ ...high, from: middle }, 'ascending', 1);
    // Nothing was found upwards: mostly the page is damaged, then there is nothing downwards either.
    if (rest?.after === middle) return [low, high];
    return [await this.#scan(low, 'descending', 1), rest].filter((gap) => gap !== undefined);
  }

  /** Reads a gap from one side until the damage. Gives what is left; undefined when the other side was reached. */
  async #scan(gap: Gap, direction: Way['direction'], firstRows: number): Promise<Gap | undefined> {
    const isEdge = firstRows > 1;
    let [left, rows, how]: [Gap, number, Way['how']] = [gap, firstRows, 'sought'];
    for (;;) {
      const batch = await readBatch(this.connection, this.source, {
        gap: left,
        way: { direction, how },
        rows,
      });
      if (batch.outcome === 'end') return undefined;
      if (batch.outcome === 'read') {
        this.#note(batch);
        left = behind(left, direction, batch.last);
        [rows, how] = [Math.min(rows * 2, MOST_ROWS), 'sought'];
      } else if (rows > 1) {
        rows = Math.ceil(rows / 4);
      } else if (isEdge && how === 'sought' && this.#mayWalk()) {
        [rows, how] = [WALKED_ROWS, 'walked'];
      } else {
        return { after: left.after, before: left.before };
      }
    }
  }

  #note({ copied, unreadable }: { copied: number; unreadable: number }): void {
    this.rowsRead += copied;
    this.unreadable += unreadable;
  }

  /** Going down the tree of a table with rowids never meets an overflow page, so walking would find no more. */
  #mayWalk(): boolean {
    return this.source.keys.isPartOfRow && this.#walks-- > 0;
  }
}

function behind({ after, before }: Gap, direction: Way['direction'], last: Key): Gap {
  return direction === 'ascending' ? { after: last, before } : { after, before: last };
}
