import { LabkeeperError } from '@labkeeper/core';
import type { SqlDatabase, WriteScope } from '../database/sql-database.js';

/** One change that waits for its commit. */
interface WaitingChange {
  /** Makes the change; resolves with what its caller is told once it is on disk. */
  run(scope: WriteScope): Promise<() => void>;
  refuse(reason: unknown): void;
}

/**
 * Puts single changes that are asked for at the same time into one transaction: a thousand callers wait for one sync of
 * the disk instead of a thousand. Order is kept, also with transactions in between, see {@link GroupCommit.close}.
 */
export class GroupCommit {
  #open: WaitingChange[] | undefined;

  constructor(private readonly database: SqlDatabase) {}

  /**
   * Resolves when the change is on disk. A change that is refused (a conflict) rejects alone, provided that it has
   * written nothing before; a failure of the database rejects all that were in the same transaction.
   */
  change<Result>(work: (scope: WriteScope) => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const run = async (scope: WriteScope) => {
        const result = await work(scope);
        return () => resolve(result);
      };
      this.#join({ run, refuse: reject });
    });
  }

  /** Changes asked for from now on go into a later transaction, behind whatever is queued next. */
  close(): void {
    this.#open = undefined;
  }

  #join(change: WaitingChange): void {
    if (this.#open) {
      this.#open.push(change);
      return;
    }
    const group = [change];
    this.#open = group;
    void this.#commit(group);
  }

  async #commit(group: readonly WaitingChange[]): Promise<void> {
    try {
      const answers = await this.database.write('synced', (scope) => this.#runAll(scope, group));
      for (const answer of answers) answer();
    } catch (error) {
      if (this.#open === group) this.#open = undefined;
      for (const { refuse } of group) refuse(error);
    }
  }

  async #runAll(scope: WriteScope, group: readonly WaitingChange[]): Promise<(() => void)[]> {
    if (this.#open === group) this.#open = undefined;
    const answers: (() => void)[] = [];
    for (const { run, refuse } of group) {
      try {
        answers.push(await run(scope));
      } catch (error) {
        // Failures of the driver are no LabkeeperErrors yet: after them the transaction cannot go on.
        if (!(error instanceof LabkeeperError)) throw error;
        answers.push(() => refuse(error));
      }
    }
    return answers;
  }
}
