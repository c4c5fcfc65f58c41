/** Runs one piece of work after the other, in the order in which they came. */
export class TurnQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects as `work` does, when it had its turn. */
  run<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Resolves when everything that is queued now has ended. */
  async drained(): Promise<void> {
    await this.#last;
  }
}
