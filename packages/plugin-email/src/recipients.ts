/** How many half-delivered mails are remembered. More than wait at once for a server that defers. */
const REMEMBERED_MAILS = 200;

/**
 * Who has got a mail that not everybody has got yet. A server may defer some recipients and take the others, and the
 * next try must not send to those once more. Kept in memory: after a crash everybody gets it again, with the same id.
 */
export class SettledRecipients {
  readonly #settled = new Map<string, ReadonlySet<string>>();

  /** Those of `all` who have still to get the mail. */
  missing(messageId: string, all: readonly string[]): readonly string[] {
    const settled = this.#settled.get(messageId);
    return settled ? all.filter((address) => !settled.has(address)) : all;
  }

  /** These need not get the mail any more: it was taken or refused for good. */
  settle(messageId: string, addresses: readonly string[]): void {
    const before = this.#settled.get(messageId) ?? [];
    this.#settled.set(messageId, new Set([...before, ...addresses]));
    for (const oldest of this.#settled.keys()) {
      if (this.#settled.size <= REMEMBERED_MAILS) break;
      this.#settled.delete(oldest);
    }
  }

  /** Everybody is settled. */
  forget(messageId: string): void {
    this.#settled.delete(messageId);
  }
}
