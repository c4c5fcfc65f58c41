import { createHmac, randomBytes } from 'node:crypto';
import type { CheckedEntry } from './check-entries.js';

/** Says whether an entry is still the same: equal for equal entries, whatever the order of their keys. */
export type Digest = (checked: CheckedEntry<unknown>) => string;

/**
 * Digests over everything that matters: the plugin and its version, where it runs, options with their secrets, siblings,
 * and what it is about. Keyed with a random key of this process, so that a digest in a log or an API answer tells nothing
 * about a secret. They are compared within one process only.
 */
export function createDigest(): Digest {
  const key = randomBytes(32);
  return ({ entry, given, siblings, target, from }) => {
    const { packageName, version, isolation } = from;
    const text = canonical({
      kind: entry.contribution,
      given,
      siblings,
      target,
      packageName,
      version,
      isolation,
    });
    return createHmac('sha256', key).update(text).digest('base64url');
  };
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
