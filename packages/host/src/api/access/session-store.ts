import { createHash, randomBytes } from 'node:crypto';
import type { Clock, Collection, CollectionDeclaration, RecordStore } from '@labkeeper/core';

export const SESSIONS: CollectionDeclaration = { name: 'sessions', indexes: { expiresAtMs: 'number' } };

/** A browser that is not used for so long has to log in again. Every use begins the time anew. */
export const SESSION_LIFE_MS = 30 * 86_400_000;

/** The new end is written this rarely, not with every request. An hour more or less of thirty days is no loss. */
const EXTEND_AFTER_MS = 3_600_000;

/** Sessions kept in memory. Each request of a browser needs one; beyond this the store is asked again. */
const MAX_REMEMBERED = 1_000;

/** 256 bits: guessing is out of the question, so a plain hash suffices to store it. */
const SESSION_ID_BYTES = 32;

/** A session as stored, under the hash of its id. */
interface StoredSession {
  /** The key it was opened with; it ends with the key. */
  readonly keyId: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

/** Logins of browsers. They survive a restart; what is stored does not help anybody to log in. */
export class SessionStore {
  readonly #collection: Collection<StoredSession>;
  readonly #remembered = new Map<string, StoredSession>();

  constructor(
    records: RecordStore,
    private readonly clock: Clock,
  ) {
    this.#collection = records.collection<StoredSession>(SESSIONS);
  }

  /** Opens a session; returns its id, which only the browser keeps. Clears away those that have ended. */
  async open(keyId: string): Promise<string> {
    const nowMs = this.clock.now();
    await this.#collection.deleteWhere({ index: 'expiresAtMs', to: nowMs });
    const id = randomBytes(SESSION_ID_BYTES).toString('base64url');
    const session = { keyId, createdAtMs: nowMs, expiresAtMs: nowMs + SESSION_LIFE_MS };
    const hash = hashOf(id);
    await this.#collection.put(hash, session);
    this.#remember(hash, session);
    return id;
  }

  /** The session with this id, extended by its use. Undefined when it has ended or never was. */
  async use(id: string): Promise<{ readonly hash: string; readonly keyId: string } | undefined> {
    const hash = hashOf(id);
    const session = await this.#find(hash);
    if (!session) return undefined;
    const expiresAtMs = this.clock.now() + SESSION_LIFE_MS;
    if (expiresAtMs - session.expiresAtMs > EXTEND_AFTER_MS) {
      const extended = { ...session, expiresAtMs };
      this.#remember(hash, extended);
      await this.#collection.put(hash, extended);
    }
    return { hash, keyId: session.keyId };
  }

  /** True while the session is open; for streams, which outlive the request that opened them. */
  async isOpen(hash: string): Promise<boolean> {
    return (await this.#find(hash)) !== undefined;
  }

  async close(hash: string): Promise<void> {
    this.#remembered.delete(hash);
    await this.#collection.delete(hash);
  }

  async #find(hash: string): Promise<StoredSession | undefined> {
    const session = this.#remembered.get(hash) ?? (await this.#collection.get(hash))?.value;
    if (!session || session.expiresAtMs <= this.clock.now()) return undefined;
    this.#remember(hash, session);
    return session;
  }

  #remember(hash: string, session: StoredSession): void {
    this.#remembered.delete(hash);
    this.#remembered.set(hash, session);
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > MAX_REMEMBERED && oldest !== undefined) this.#remembered.delete(oldest);
  }
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}
