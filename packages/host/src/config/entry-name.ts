import { type Fault, fingerprint } from '@labkeeper/core';
import type { ConfigPath } from './config-path.js';

/** Digits of the hash that stands in for a name without a single letter that an id may have. */
const HASH_LENGTH = 8;

/**
 * The id made from a name: lower case, everything else than letters, digits, `.`, `_` and `-` as `-`. Accents are dropped; a name
 * in another script gives `<prefix>-<hash>`, which stays the same as long as the name does.
 */
export function slug(name: string, prefix: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '');
  return plain === '' ? `${prefix}-${fingerprint({ name }).slice(0, HASH_LENGTH)}` : plain;
}

/** A name in the file and where it stands. */
export interface NamedEntry {
  readonly id: string;
  readonly name: string;
  readonly path: ConfigPath;
}

/** One fault for every name after the first that gives the same id. */
export function duplicateNames(entries: readonly NamedEntry[], word: string): Fault[] {
  const first = new Map<string, NamedEntry>();
  const faults: Fault[] = [];
  for (const entry of entries) {
    const earlier = first.get(entry.id);
    if (earlier) faults.push(duplicateFault(entry, earlier, word));
    else first.set(entry.id, entry);
  }
  return faults;
}

function duplicateFault({ id, name, path }: NamedEntry, earlier: NamedEntry, word: string): Fault {
  const item = `${earlier.path.join('[')}]`;
  const same =
    earlier.name === name ? `the name '${name}'` : `the id '${id}' (from '${earlier.name}' and '${name}')`;
  return {
    code: 'CONFIG_DUPLICATE_NAME',
    path: [...path, 'name'],
    message: `A ${word} with ${same} stands at ${item} already.`,
    found: name,
  };
}
