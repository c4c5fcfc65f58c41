import { DropFailure, describeError, RetryFailure, type Timer } from '@labkeeper/core';
import { runContext } from '../instances/instance-context.js';
import { PluginInstance } from '../instances/plugin-instance.js';
import type { Runner, RunnerParts } from '../instances/runner.js';
import { settleWithin } from '../instances/settle-within.js';
import type { ChannelInstance } from '../plan/plan.js';
import type { ChannelQueue } from './channel-queue.js';
import { deliveryPauseMs, LONGEST_ASKED_MS } from './delivery-pause.js';
import { fitNotification } from './fit-notification.js';
import type { OutboxRow } from './outbox-row.js';

/**
 * A message is given up when it is this old and was tried this often. A day, because then somebody has looked at the
 * dashboard; five tries, because a laptop that slept for two days must not give up everything at its first one.
 */
const GIVE_UP_AFTER_MS = 86_400_000;
const GIVE_UP_AFTER_ATTEMPTS = 5;

/** What a sender tells of its rows. None of it may reject. */
export interface DeliveryLedger {
  delivered(row: OutboxRow): Promise<void>;
  /** The attempt failed; `row` carries it. `isNews`: it did not fail like this before. */
  postponed(row: OutboxRow, isNews: boolean): Promise<void>;
  died(row: OutboxRow): Promise<void>;
}

/** What is counted of one channel. */
export interface DeliveryCounts {
  readonly delivered: number;
  readonly retried: number;
  readonly dead: number;
}

/** Delivers what waits for one channel: one message at a time, in order, at the channel's pace, until each is accepted or given up. */
export class ChannelSender implements Runner {
  readonly instance: PluginInstance;
  readonly #counts = { delivered: 0, retried: 0, dead: 0 };
  #delivery: { readonly ended: Promise<void>; readonly abort: AbortController } | undefined;
  #timer: Timer | undefined;
  /** Monotonic: the channel's own pace, or the pause that the other side has asked for. */
  #notBeforeMs = 0;
  /** Monotonic: what has failed before waits until then. */
  #pausedUntilMs = 0;
  #failuresInARow = 0;
  #lastDeliveredMs: number | undefined;
  #reason: string | undefined;
  #isStopped = true;

  constructor(
    readonly definition: ChannelInstance,
    private readonly parts: RunnerParts,
    private readonly queue: ChannelQueue,
    private readonly ledger: DeliveryLedger,
  ) {
    this.instance = new PluginInstance(definition, definition.notifier, parts.context, () => this.wake());
  }

  start(): void {
    this.#isStopped = false;
    this.instance.begin(() => this.wake());
  }

  async stop(graceMs: number): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    const delivery = this.#delivery;
    if (delivery) {
      // One that is under way may well succeed; it is cut off only when it takes too long.
      await settleWithin(this.parts.clock, graceMs / 2, () => delivery.ended);
      delivery.abort.abort(new Error('the channel is stopped'));
      await settleWithin(this.parts.clock, graceMs / 2, () => delivery.ended);
    }
    await this.instance.stop();
  }

  get counts(): DeliveryCounts {
    return this.#counts;
  }

  get lastDeliveredMs(): number | undefined {
    return this.#lastDeliveredMs;
  }

  /** Why the last attempt failed; undefined when it did not. */
  get reason(): string | undefined {
    return this.instance.phase === 'failing' ? this.instance.reason : this.#reason;
  }

  /** When the next attempt is due, in milliseconds since the epoch; undefined when nothing waits. */
  get nextAttemptMs(): number | undefined {
    if (!this.queue.has('any')) return undefined;
    return Math.round(this.parts.clock.now() + Math.max(0, this.#waitMs()));
  }

  /** Looks whether something can be sent. Call it after every change of the queue. */
  wake(): void {
    if (this.#isStopped || this.#delivery || this.instance.phase === 'starting') return;
    if (!this.queue.has('any')) return;
    const waitMs = this.#waitMs();
    if (waitMs > 0) return this.#wakeIn(waitMs);
    const row = this.queue.begin(this.#isPaused ? 'fresh' : 'any');
    if (!row) return;
    const abort = new AbortController();
    this.#delivery = { abort, ended: this.#deliver(row, abort).finally(() => this.#finish()) };
  }

  /** While the channel seems to be away only messages that were never tried are sent: one of them may find it back. */
  get #isPaused(): boolean {
    return this.parts.clock.monotonicMs() < this.#pausedUntilMs;
  }

  #waitMs(): number {
    const untilMs = this.queue.has('fresh')
      ? this.#notBeforeMs
      : Math.max(this.#notBeforeMs, this.#pausedUntilMs);
    return untilMs - this.parts.clock.monotonicMs();
  }

  #wakeIn(waitMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.parts.clock.setTimer(() => {
      this.#timer = undefined;
      this.wake();
    }, waitMs);
  }

  #finish(): void {
    this.#delivery = undefined;
    this.queue.ended();
    this.wake();
  }

  async #deliver(row: OutboxRow, abort: AbortController): Promise<void> {
    this.#notBeforeMs =
      this.parts.clock.monotonicMs() + 1_000 / this.definition.notifier.limits.messagesPerSecond;
    try {
      await this.#notify(row, abort);
    } catch (error) {
      // Cut off by the stop: it is tried again after the next start, and this was nobody's fault.
      if (!this.#isStopped) await this.#fail(row, abort.signal.aborted ? abort.signal.reason : error);
      return;
    }
    this.#counts.delivered += 1;
    this.#lastDeliveredMs = this.parts.clock.now();
    this.#reason = undefined;
    this.#failuresInARow = 0;
    this.#pausedUntilMs = 0;
    this.queue.remove(row.id);
    await this.ledger.delivered(row);
  }

  /** Ends with the plugin's own promise, however late: a channel is never called twice at once. */
  async #notify({ notification }: OutboxRow, abort: AbortController): Promise<void> {
    const { started, reason } = this.instance;
    const { notifier, timeoutMs } = this.definition;
    const { clock, context } = this.parts;
    if (!started) throw new RetryFailure('TASK_FAILED', `the channel could not be started: ${reason}`);
    const message = fitNotification(
      context.redactor.redactValue(notification) as typeof notification,
      notifier.limits,
    );
    const deadline = clock.setTimer(() => {
      this.#reason = `a delivery takes longer than ${timeoutMs} ms`;
      abort.abort(new RetryFailure('TASK_TIMEOUT', `the delivery took longer than ${timeoutMs} ms`));
    }, timeoutMs);
    const facts = { state: started.state, timeoutMs, client: context.http, run: abort };
    try {
      await notifier.notify(message, runContext(started.context, facts) as never);
    } finally {
      deadline.cancel();
    }
  }

  async #fail(row: OutboxRow, error: unknown): Promise<void> {
    const { clock, context } = this.parts;
    const reason = context.redactor.redact(describeError(error));
    const tried: OutboxRow = { ...row, attempts: row.attempts + 1, reason };
    const isTooOld =
      clock.now() - row.createdAtMs >= GIVE_UP_AFTER_MS && tried.attempts >= GIVE_UP_AFTER_ATTEMPTS;
    this.#reason = reason;
    if (error instanceof DropFailure || isTooOld) {
      this.#counts.dead += 1;
      this.queue.remove(row.id);
      return this.ledger.died({ ...tried, state: 'dead', deadAtMs: clock.now() });
    }
    this.#counts.retried += 1;
    this.queue.failed(tried);
    this.#pause(tried, error);
    await this.ledger.postponed(tried, row.reason !== reason);
  }

  #pause(row: OutboxRow, error: unknown): void {
    const nowMs = this.parts.clock.monotonicMs();
    const askedMs = error instanceof RetryFailure ? error.retryAfterMs : undefined;
    this.#failuresInARow += 1;
    this.#pausedUntilMs = nowMs + deliveryPauseMs(row, this.#failuresInARow);
    if (askedMs !== undefined) this.#notBeforeMs = nowMs + Math.min(Math.max(0, askedMs), LONGEST_ASKED_MS);
  }
}
