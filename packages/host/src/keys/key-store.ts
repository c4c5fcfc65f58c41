import { randomUUID } from 'node:crypto';
import {
  type Actor,
  type Clock,
  type Collection,
  type CollectionDeclaration,
  LabkeeperError,
  type RecordStore,
  ROLES,
  type Role,
  type Secrets,
} from '@labkeeper/core';
import { checkPresetKey, hashKey, newKeyText, presetKeyId } from './key-text.js';

/** A key as people may see it. */
export interface KeyInfo {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly createdAtMs: number;
  /** Accurate to a minute. Absent: never used. */
  readonly lastUsedAtMs?: number;
}

/** Who may use the API. The API asks; the CLI changes. */
export interface Keys {
  /** The owner of a key, or undefined for a key that is not valid. Called for every request: a lookup in memory. */
  verify(key: string): Promise<Actor | undefined>;
  /** The owner of the key with this id while it is valid. For sessions, which remember the id and not the key. */
  actorOf(id: string): Promise<Actor | undefined>;
  /** Makes a key. `key` is shown once and cannot be read again. Throws KEY_INVALID or CONFLICT. */
  add(name: string, role: Role): Promise<{ readonly key: string; readonly info: KeyInfo }>;
  list(): Promise<readonly KeyInfo[]>;
  /** From now on the key is refused. False when there is none with this id. */
  revoke(id: string): Promise<boolean>;
}

interface StoredKey {
  readonly name: string;
  readonly role: Role;
  readonly hash: string;
  readonly createdAtMs: number;
  readonly lastUsedAtMs?: number;
}

type KnownKey = StoredKey & { readonly id: string };

const KEYS: CollectionDeclaration = { name: 'api_keys' };

/**
 * How old the picture in memory may be. Another process on the same database may have added or revoked a key; half a
 * minute is how long a revoked key may then still work here. Keys changed through this process count at once.
 */
const REFRESH_MS = 30_000;

/** An unknown key makes the store look again, but not more often than this, whoever is guessing. */
const MISS_REFRESH_MS = 1_000;

/** `lastUsedAtMs` is written once in this time and not with every request. */
const LAST_USED_STEP_MS = 60_000;

/** Name of the key in LABKEEPER_ADMIN_KEY. It is valid as long as the variable is set and is never stored. */
const PRESET_KEY_NAME = 'preset';

export interface KeyStoreParts {
  readonly records: RecordStore;
  readonly clock: Clock;
  readonly secrets: Secrets;
  /** Value of LABKEEPER_ADMIN_KEY. */
  readonly presetKey?: string | undefined;
}

/** Keys in the records store, with all of them in memory: there are few, and each request needs one. */
export class KeyStore implements Keys {
  readonly #collection: Collection<StoredKey>;
  readonly #clock: Clock;
  readonly #secrets: Secrets;
  readonly #preset: KnownKey | undefined;
  #byHash = new Map<string, KnownKey>();
  #refreshedAtMs = Number.NEGATIVE_INFINITY;
  #refreshing: Promise<void> | undefined;

  /** Throws KEY_INVALID for a preset key that could be guessed. */
  constructor({ records, clock, secrets, presetKey }: KeyStoreParts) {
    this.#collection = records.collection<StoredKey>(KEYS);
    this.#clock = clock;
    this.#secrets = secrets;
    if (presetKey) {
      const hash = hashKey(secrets.protect(checkPresetKey(presetKey)));
      this.#preset = {
        id: presetKeyId(presetKey),
        name: PRESET_KEY_NAME,
        role: 'admin',
        hash,
        createdAtMs: clock.now(),
      };
    }
  }

  async verify(key: string): Promise<Actor | undefined> {
    // The hash of what was sent is compared, not the text: timing tells nothing about a key.
    const hash = hashKey(key);
    if (hash === this.#preset?.hash) return actorFrom(this.#preset);
    const known = await this.#lookUp((keys) => keys.get(hash));
    if (!known) return undefined;
    this.#markUsed(known);
    return actorFrom(known);
  }

  async actorOf(id: string): Promise<Actor | undefined> {
    if (id === this.#preset?.id) return actorFrom(this.#preset);
    const known = await this.#lookUp((keys) => [...keys.values()].find((key) => key.id === id));
    return known && actorFrom(known);
  }

  async add(name: string, role: Role): Promise<{ key: string; info: KeyInfo }> {
    checkNewKey(name, role);
    await this.#refresh();
    if ([...this.#byHash.values()].some((key) => key.name === name)) {
      throw new LabkeeperError('CONFLICT', `There is a key named '${name}' already.`, { found: name });
    }
    const key = this.#secrets.protect(newKeyText());
    const stored: StoredKey = { name, role, hash: hashKey(key), createdAtMs: this.#clock.now() };
    const known = { ...stored, id: randomUUID().slice(0, 8) };
    await this.#collection.put(known.id, stored, { ifVersion: 0 });
    this.#byHash.set(known.hash, known);
    return { key, info: infoFrom(known) };
  }

  async list(): Promise<readonly KeyInfo[]> {
    await this.#refresh();
    const stored = [...this.#byHash.values()].sort((a, b) => a.createdAtMs - b.createdAtMs);
    return [...(this.#preset ? [this.#preset] : []), ...stored].map(infoFrom);
  }

  async revoke(id: string): Promise<boolean> {
    if (id === this.#preset?.id) {
      throw new LabkeeperError(
        'KEY_INVALID',
        'The preset key is valid while LABKEEPER_ADMIN_KEY is set; remove the variable.',
      );
    }
    for (const [hash, key] of this.#byHash) if (key.id === id) this.#byHash.delete(hash);
    return await this.#collection.delete(id);
  }

  /** Makes the first admin key when there is no other way in. Returns its text, to be shown once. */
  async ensureAdmin(): Promise<string | undefined> {
    const keys = await this.list();
    if (keys.some((key) => key.role === 'admin')) return undefined;
    return (await this.add('admin', 'admin')).key;
  }

  async #lookUp(
    find: (keys: ReadonlyMap<string, KnownKey>) => KnownKey | undefined,
  ): Promise<KnownKey | undefined> {
    const ageMs = this.#clock.monotonicMs() - this.#refreshedAtMs;
    const found = find(this.#byHash);
    if (found && ageMs < REFRESH_MS) return found;
    if (!found && ageMs < MISS_REFRESH_MS) return undefined;
    await this.#refresh();
    return find(this.#byHash);
  }

  /** Requests that come together share one look into the store. */
  async #refresh(): Promise<void> {
    this.#refreshing ??= this.#load().finally(() => {
      this.#refreshing = undefined;
    });
    await this.#refreshing;
  }

  async #load(): Promise<void> {
    const byHash = new Map<string, KnownKey>();
    let cursor: string | undefined;
    do {
      const page = await this.#collection.list({ limit: 1_000, ...(cursor === undefined ? {} : { cursor }) });
      for (const { key: id, value } of page.records) byHash.set(value.hash, { ...value, id });
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    this.#byHash = byHash;
    this.#refreshedAtMs = this.#clock.monotonicMs();
  }

  #markUsed(known: KnownKey): void {
    const nowMs = this.#clock.now();
    if (nowMs - (known.lastUsedAtMs ?? 0) < LAST_USED_STEP_MS) return;
    const { id, ...stored } = { ...known, lastUsedAtMs: nowMs };
    this.#byHash.set(known.hash, { ...stored, id });
    // Only a hint for people: a request must neither wait for it nor fail with it.
    this.#writeLastUsed(id, stored).catch(() => undefined);
  }

  async #writeLastUsed(id: string, stored: StoredKey): Promise<void> {
    const present = await this.#collection.get(id);
    // Not after a revocation elsewhere: writing would bring the key back.
    if (present) await this.#collection.put(id, stored, { ifVersion: present.version });
  }
}

function checkNewKey(name: string, role: string): void {
  const roles: readonly string[] = [...ROLES, 'agent'];
  if (!/^[\w .@-]{1,60}$/.test(name)) {
    throw new LabkeeperError('KEY_INVALID', 'The name of the key is not acceptable.', {
      allowed: '1 to 60 letters, digits, spaces and . _ - @',
    });
  }
  if (!roles.includes(role)) {
    throw new LabkeeperError('KEY_INVALID', `There is no role '${role}'.`, {
      found: role,
      allowed: roles.join(', '),
    });
  }
}

function actorFrom({ id, name, role }: KnownKey): Actor {
  return { kind: 'key', id, name, role };
}

function infoFrom({ hash: _, ...info }: KnownKey): KeyInfo {
  return info;
}
