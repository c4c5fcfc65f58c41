import { createHash } from 'node:crypto';
import type { Actor, Clock, Collection, CollectionDeclaration, RecordStore } from '@labkeeper/core';
import { type ListPage, type PageRequest, readAll, storedPage } from '../paging.js';

const AUDIT: CollectionDeclaration = { name: 'audit', indexes: { atMs: 'number' } };
/** Keys are row numbers with leading zeros, so that they sort. */
const NUMBER_DIGITS = 12;
/** What the first row is chained to. */
const GENESIS = '0'.repeat(64);

/** What somebody did, or tried to do. */
export interface AuditEntry {
  readonly actor: Actor;
  /** Verb and object: `alert.acknowledge`, `server.delete`. */
  readonly action: string;
  readonly target: string;
  readonly outcome: 'done' | 'refused';
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A row of the log. `hash` covers all other fields, and through `previousHash` all rows before. */
export interface AuditRow extends AuditEntry {
  readonly number: number;
  readonly atMs: number;
  readonly previousHash: string;
  readonly hash: string;
}

type ChainEnd = Pick<AuditRow, 'number' | 'hash'>;

/** Who did what. Append-only and hash-chained: a row that is changed or taken out later breaks every hash behind it. */
export class Audit {
  /** The last row, while it is known for sure. */
  #tail: ChainEnd | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly records: RecordStore,
    private readonly clock: Clock,
  ) {}

  /** Adds a row; resolves when it is on disk. Rows of simultaneous callers are chained one after the other. */
  record(entry: AuditEntry): Promise<AuditRow> {
    const added = this.#queue.then(() => this.#append(entry));
    this.#queue = added.catch(() => undefined);
    return added;
  }

  /** Newest first. */
  list(page?: PageRequest): Promise<ListPage<AuditRow>> {
    return storedPage(this.#collection(), { order: 'descending' }, page);
  }

  /** Walks the whole chain. `brokenAt` is the number of the first row that does not fit. */
  async verify(): Promise<{ readonly rows: number; readonly brokenAt?: number }> {
    let [rows, previousHash] = [0, GENESIS];
    for await (const { hash, ...content } of readAll(this.#collection())) {
      const fits =
        content.number === rows + 1 && content.previousHash === previousHash && hashOf(content) === hash;
      if (!fits) return { rows, brokenAt: rows + 1 };
      rows += 1;
      previousHash = hash;
    }
    return { rows };
  }

  #collection(): Collection<AuditRow> {
    return this.records.collection<AuditRow>(AUDIT);
  }

  async #append(entry: AuditEntry): Promise<AuditRow> {
    const tail = this.#tail ?? (await this.#readTail());
    // If writing fails nobody knows whether the row is there: the next one looks.
    this.#tail = undefined;
    const content = { ...entry, number: tail.number + 1, atMs: this.clock.now(), previousHash: tail.hash };
    const row: AuditRow = { ...content, hash: hashOf(content) };
    await this.#collection().put(String(row.number).padStart(NUMBER_DIGITS, '0'), row, { ifVersion: 0 });
    this.#tail = row;
    return row;
  }

  async #readTail(): Promise<ChainEnd> {
    const { records } = await this.#collection().list({ order: 'descending', limit: 1 });
    return records[0]?.value ?? { number: 0, hash: GENESIS };
  }
}

function hashOf(content: Omit<AuditRow, 'hash'>): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}

/** JSON with sorted keys, because a database may give them back in another order. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
