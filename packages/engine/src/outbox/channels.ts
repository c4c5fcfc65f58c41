import type { Actor, Notification } from '@labkeeper/core';
import type { ListPage, PageRequest } from '../paging.js';

/** A channel as people see it. */
export interface ChannelStatus {
  readonly id: string;
  readonly name: string;
  readonly plugin: string;
  /** Name of the contribution: `slack`. */
  readonly notifier: string;
  /** `failing`: it could not be started, or its last delivery failed; `reason` says why. */
  readonly state: 'starting' | 'running' | 'failing';
  readonly reason?: string;
  /** Messages that wait for delivery. */
  readonly pending: number;
  /** Messages that were given up. */
  readonly dead: number;
  readonly lastDeliveredMs?: number;
  readonly nextAttemptMs?: number;
}

/** A message that was given up. */
export interface DeadLetter {
  readonly id: string;
  readonly channel: string;
  readonly notification: Notification;
  readonly attempts: number;
  readonly reason: string;
  readonly deadAtMs: number;
}

/** All channels of the plan and what waits in their outbox. */
export interface Channels {
  /** Sorted by name. */
  list(): readonly ChannelStatus[];
  get(name: string): ChannelStatus | undefined;
  /** Queues a test message for one channel and resolves with it. Rejects with NOT_FOUND. */
  test(name: string, by: Actor): Promise<Notification>;
  /** Newest first. */
  deadLetters(page?: PageRequest): Promise<ListPage<DeadLetter>>;
  /** Puts a dead letter back into the queue with a fresh count of attempts. Rejects with NOT_FOUND. */
  retry(id: string): Promise<void>;
  /** Throws a dead letter away. True when there was one. */
  discard(id: string): Promise<boolean>;
}
