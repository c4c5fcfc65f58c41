import { type Clock, describeError, LabkeeperError, type Logger } from '@labkeeper/core';
import { backOffMs } from '../instances/back-off.js';

/** What is written in one transaction. Enough to make a thousand first results cheap. */
const BATCH = 200;
const FIRST_PAUSE_MS = 1_000;
/** So long a store that is back goes unnoticed. */
const LONGEST_PAUSE_MS = 30_000;

interface LoopParts<Item> {
  readonly clock: Clock;
  readonly log: Logger;
  /** For the log: `checks`. */
  readonly name: string;
  /** Looks at each item and writes what there is to write; nothing has happened when it rejects. */
  readonly write: (batch: readonly Item[]) => Promise<void>;
  /** Written in a batch before the others, because those depend on it. */
  readonly isFirst: (item: Item) => boolean;
}

/**
 * Keeps looking at things until what they are is written: in batches, again after a pause while the store is away, one by one when a
 * batch is refused. An item that changes a hundred times meanwhile is looked at once.
 */
export class WriteLoop<Item> {
  readonly #waiting = new Set<Item>();
  /** Could not be written the last time: these are not waited for by the others. */
  readonly #refused = new Set<Item>();
  #working: Promise<void> | undefined;
  #failures = 0;
  #notBeforeMs = 0;

  constructor(private readonly parts: LoopParts<Item>) {}

  /** Items may have changed. What is given together is looked at together. */
  add(...items: readonly Item[]): void {
    for (const item of items) this.#waiting.add(item);
    this.#work();
  }

  /** Resolves when what was added so far is written, or cannot be written now. */
  async settled(): Promise<void> {
    await this.#working;
  }

  /** Tries again what could not be written. Called with every beat. */
  beat(): void {
    if (this.#waiting.size > 0) this.#work();
  }

  /** Writes what is left, without waiting any longer. */
  async stop(): Promise<void> {
    this.#notBeforeMs = 0;
    this.#work();
    await this.#working;
  }

  #work(): void {
    if (this.#working || this.#waiting.size === 0 || this.parts.clock.monotonicMs() < this.#notBeforeMs)
      return;
    this.#working = this.#writeAll().finally(() => {
      this.#working = undefined;
    });
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.size > 0) {
      const batch = this.#nextBatch();
      for (const item of batch) this.#waiting.delete(item);
      const failed = await this.#writeOrSplit(batch);
      for (const item of batch) this.#refused.delete(item);
      for (const item of failed) this.#refused.add(item);
      if (failed.length === 0) {
        this.#failures = 0;
        continue;
      }
      for (const item of failed) this.#waiting.add(item);
      this.#failures += 1;
      const pause = { firstMs: FIRST_PAUSE_MS, longestMs: LONGEST_PAUSE_MS };
      this.#notBeforeMs = this.parts.clock.monotonicMs() + backOffMs(this.#failures, pause);
      return;
    }
  }

  #nextBatch(): readonly Item[] {
    const waiting = [...this.#waiting];
    const first = waiting.filter((item) => !this.#refused.has(item) && this.parts.isFirst(item));
    return (first.length > 0 ? first : waiting).slice(0, BATCH);
  }

  /** Returns the items that could not be written. One that can never be written must not hold up the others. */
  async #writeOrSplit(batch: readonly Item[]): Promise<readonly Item[]> {
    const { log, name } = this.parts;
    try {
      await this.parts.write(batch);
      return [];
    } catch (error) {
      const facts = { reason: describeError(error), [name]: batch.length };
      log.error(`changes of ${name} could not be written; they are tried again`, facts);
      const isAway = error instanceof LabkeeperError && error.code === 'STORAGE_UNAVAILABLE';
      if (isAway || batch.length === 1) return batch;
    }
    const failed: Item[] = [];
    for (const item of batch) failed.push(...(await this.#writeOrSplit([item])));
    return failed;
  }
}
