import { type Clock, LabkeeperError, TurnQueue } from '@labkeeper/core';
import type { Knex } from 'knex';
import { storageFailure } from './storage-failure.js';

/**
 * When a transaction counts as done. `synced`: on disk, a power cut does not undo it. `relaxed`: it survives the end of
 * the process at once, and a power cut a little later; far cheaper.
 */
export type Durability = 'synced' | 'relaxed';

/** The connections to one database, and what differs between SQLite and PostgreSQL in writing. */
export interface SqlConnections {
  readonly dialect: 'sqlite' | 'postgres';
  /** The one connection that writes. */
  readonly writer: Knex;
  /** Connections that only read. They see what was committed. */
  readonly reader: Knex;
  /** Called before each transaction, outside it. */
  prepare(durability: Durability): Promise<void>;
  /** Called first in each transaction. */
  begin(transaction: Knex, durability: Durability): Promise<void>;
  /** Called after a transaction that failed: leaves the writer without an open one. Must not throw. */
  recover(): Promise<void>;
  /** Writes everything to its place and lets go. Called once. */
  close(): Promise<void>;
}

/** A transaction that writes. */
export interface WriteScope {
  readonly sql: Knex;
  /** Runs `effect` when, and only when, the transaction has been committed, before anybody else writes. */
  afterCommit(effect: () => void): void;
  afterRollback(effect: () => void): void;
}

/**
 * How long a failed write is told of by {@link SqlDatabase.health} unless another write succeeds first. After that a small
 * write of its own is tried: nobody else may be writing any more. Not before, because a small one may well fit where
 * that of the caller did not.
 */
const PROBLEM_MS = 60_000;

/** One database: a single writer at a time, readers beside it. Errors of the driver leave it as STORAGE_… errors. */
export class SqlDatabase {
  readonly #turns = new TurnQueue();
  #problem: { readonly message: string; readonly sinceMs: number } | undefined;
  #refusal: LabkeeperError | undefined;
  #closing: Promise<void> | undefined;

  constructor(
    private readonly connections: SqlConnections,
    private readonly clock: Clock,
  ) {}

  get dialect(): SqlConnections['dialect'] {
    return this.connections.dialect;
  }

  /** Runs `work` in a transaction when it is its turn; undone when it rejects. */
  write<Result>(durability: Durability, work: (scope: WriteScope) => Promise<Result>): Promise<Result> {
    if (this.#closing) return Promise.reject(closed());
    return this.#turns.run(() => this.#transact(durability, work));
  }

  /** Runs `work` on a connection that only reads. */
  async read<Result>(work: (sql: Knex) => Promise<Result>): Promise<Result> {
    if (this.#closing) throw closed();
    try {
      return await work(this.connections.reader);
    } catch (error) {
      throw storageFailure(error);
    }
  }

  /** Runs `work` on the writer, outside any transaction of ours. For migrations, before anything else is done. */
  upkeep<Result>(work: (sql: Knex) => Promise<Result>): Promise<Result> {
    return this.#turns.run(async () => {
      try {
        return await work(this.connections.writer);
      } catch (error) {
        throw storageFailure(error);
      }
    });
  }

  /** Makes what was committed before survive a power cut: a synced commit syncs all that came before it. */
  async sync(): Promise<void> {
    await this.write('synced', touch);
  }

  /** From now on nothing is written; readers go on. For a database that was found damaged. */
  refuseWrites(reason: LabkeeperError): void {
    this.#refusal = reason;
  }

  async health(): Promise<'ok' | { readonly problem: string }> {
    const reason = this.#closing ? closed() : (this.#refusal ?? this.#recentProblem());
    if (reason) return { problem: reason.message };
    try {
      if (this.#problem) await this.write('relaxed', touch);
      else await this.read((sql) => sql.raw('select 1'));
      return 'ok';
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Idempotent. Waits for what was begun. */
  close(): Promise<void> {
    this.#closing ??= this.#turns.drained().then(() => this.connections.close());
    return this.#closing;
  }

  async #transact<Result>(
    durability: Durability,
    work: (scope: WriteScope) => Promise<Result>,
  ): Promise<Result> {
    if (this.#refusal) throw this.#refusal;
    const [committed, rolledBack]: [(() => void)[], (() => void)[]] = [[], []];
    const afterCommit = (effect: () => void) => void committed.push(effect);
    const afterRollback = (effect: () => void) => void rolledBack.push(effect);
    try {
      const result = await this.#runOnWriter(durability, (sql) => work({ sql, afterCommit, afterRollback }));
      this.#problem = undefined;
      for (const effect of committed) effect();
      return result;
    } catch (error) {
      await this.connections.recover();
      for (const effect of rolledBack) effect();
      throw this.#noted(storageFailure(error), error);
    }
  }

  async #runOnWriter<Result>(durability: Durability, work: (sql: Knex) => Promise<Result>): Promise<Result> {
    const { writer, prepare, begin } = this.connections;
    let reason: { readonly error: unknown } | undefined;
    await prepare(durability);
    try {
      return await writer.transaction(async (sql) => {
        try {
          await begin(sql, durability);
          return await work(sql);
        } catch (error) {
          reason = { error };
          throw error;
        }
      });
    } catch (error) {
      // Rolling back can fail too, because the database has done so already; knex then tells only of that.
      throw reason ? reason.error : error;
    }
  }

  /** Remembers a failure of the database for {@link health}; an error of the caller's work is none. */
  #noted(failure: unknown, thrown: unknown): unknown {
    if (failure !== thrown && failure instanceof Error) {
      this.#problem = { message: failure.message, sinceMs: this.clock.monotonicMs() };
    }
    return failure;
  }

  #recentProblem(): { readonly message: string } | undefined {
    const isRecent = this.#problem && this.clock.monotonicMs() - this.#problem.sinceMs < PROBLEM_MS;
    return isRecent ? this.#problem : undefined;
  }
}

/** The smallest real change. */
async function touch({ sql }: WriteScope): Promise<void> {
  await sql('store_meta').where({ name: 'format' }).update({ name: 'format' });
}

function closed(): LabkeeperError {
  return new LabkeeperError('STORAGE_UNAVAILABLE', 'the storage is closed');
}
