import type { Clock } from '@labkeeper/core';
import type { ChannelInstance } from '../../plan/plan.js';

const WINDOW_MS = 60_000;
/** A person can read so many messages in a minute, and no service of messages refuses them. */
const MESSAGES_PER_MINUTE = 20;

/**
 * How many messages of alerts each channel was given in the last minute. Kept in memory: after a restart a channel may get a few more
 * than its share, which loses nothing.
 */
export class ChannelRate {
  readonly #takenMs = new Map<string, number[]>();

  constructor(private readonly clock: Clock) {}

  /** Takes a place for one message; false when there is none left for now. One that `must` leave takes a place all the same. */
  take(channel: ChannelInstance, must = false): boolean {
    const limit = limitOf(channel);
    const taken = this.#recent(channel.name);
    if (!must && limit > 0 && taken.length >= limit) return false;
    taken.push(this.clock.monotonicMs());
    return true;
  }

  /** A message for which a place was taken came to nothing. */
  giveBack(channel: string): void {
    this.#takenMs.get(channel)?.pop();
  }

  /** In how many milliseconds there is a place. */
  waitMs(channel: ChannelInstance): number {
    const limit = limitOf(channel);
    const taken = this.#recent(channel.name);
    if (limit === 0 || taken.length < limit) return 0;
    return (taken[taken.length - limit] as number) + WINDOW_MS - this.clock.monotonicMs();
  }

  #recent(channel: string): number[] {
    const nowMs = this.clock.monotonicMs();
    const taken = (this.#takenMs.get(channel) ?? []).filter((atMs) => nowMs - atMs < WINDOW_MS);
    this.#takenMs.set(channel, taken);
    return taken;
  }
}

function limitOf({ when }: ChannelInstance): number {
  return when.messagesPerMinute ?? MESSAGES_PER_MINUTE;
}
