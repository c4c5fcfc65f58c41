import type { OutboxRow } from './outbox-row.js';

/** A row with what only this process knows of it. */
interface Waiting {
  row: OutboxRow;
  /** A transaction is about to replace it: nobody may send it meanwhile. */
  isHeld: boolean;
}

/**
 * What waits for one channel, in order. Messages about one alert never overtake each other; one about another alert may pass
 * a message that the other side refuses to take, so that a single one cannot block the channel.
 */
export class ChannelQueue {
  readonly #waiting: Waiting[] = [];
  #sending: string | undefined;
  #lastFailed: string | undefined;

  get size(): number {
    return this.#waiting.length;
  }

  add(row: OutboxRow): void {
    // Nearly always the newest; a revived dead letter goes to its old place.
    let index = this.#waiting.length;
    while (index > 0 && (this.#waiting[index - 1] as Waiting).row.id > row.id) index -= 1;
    this.#waiting.splice(index, 0, { row, isHeld: false });
  }

  remove(id: string): void {
    const index = this.#waiting.findIndex(({ row }) => row.id === id);
    if (index >= 0) this.#waiting.splice(index, 1);
  }

  /** Whether something could be sent: anything, or only what was never tried. */
  has(which: 'any' | 'fresh'): boolean {
    return this.#foremost().some(({ row }) => which === 'any' || row.attempts === 0);
  }

  /**
   * The row to send next: the oldest one, but not the one that has just failed as long as there is another. It counts as
   * being sent until {@link ended}.
   */
  begin(which: 'any' | 'fresh'): OutboxRow | undefined {
    const rows = this.#foremost().map(({ row }) => row);
    const eligible = which === 'any' ? rows : rows.filter(({ attempts }) => attempts === 0);
    const next = eligible.find(({ id }) => id !== this.#lastFailed) ?? eligible[0];
    this.#sending = next?.id;
    return next;
  }

  ended(): void {
    this.#sending = undefined;
  }

  /** Keeps a row with its failed attempt. */
  failed(row: OutboxRow): void {
    this.#lastFailed = row.id;
    const entry = this.#waiting.find((waiting) => waiting.row.id === row.id);
    if (entry) entry.row = row;
  }

  /** Holds what waits about an alert and is not being sent; the caller releases or removes it. */
  hold(alertId: string): readonly OutboxRow[] {
    const found = this.#waiting.filter(
      ({ row }) => row.notification.alertId === alertId && row.id !== this.#sending,
    );
    for (const entry of found) entry.isHeld = true;
    return found.map(({ row }) => row);
  }

  release(id: string): void {
    const entry = this.#waiting.find(({ row }) => row.id === id);
    if (entry) entry.isHeld = false;
  }

  rows(): readonly OutboxRow[] {
    return this.#waiting.map(({ row }) => row);
  }

  /** The first row about each alert; a held one keeps those behind it waiting too. */
  #foremost(): readonly Waiting[] {
    const seen = new Set<string>();
    return this.#waiting.filter(({ row, isHeld }) => {
      const about = subjectsOf(row);
      const isFirst = !about.some((subject) => seen.has(subject));
      for (const subject of about) seen.add(subject);
      return isFirst && !isHeld;
    });
  }
}

/** What a message is about: one alert, several, or nothing that another message could be about. */
function subjectsOf({ id, notification: { alertId, alerts } }: OutboxRow): readonly string[] {
  if (alertId !== undefined) return [alertId];
  return alerts ? alerts.map((alert) => alert.alertId) : [id];
}
