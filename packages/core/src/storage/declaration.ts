import type { CollectionDeclaration, IndexValue } from '../contract/storage.js';
import { LabkeeperError } from '../errors/labkeeper-error.js';

/** Names become table and column names in SQL stores, so the alphabet is narrow and the length bounded. */
const NAME = /^[a-z][a-z0-9_]{0,47}$/;
const INDEX_NAME = /^[a-zA-Z][a-zA-Z0-9_]{0,47}$/;

/** Throws STORAGE_INVALID for a declaration that no store can keep. Called by every adapter for each declaration. */
export function assertDeclaration({ name, indexes = {} }: CollectionDeclaration): void {
  if (!NAME.test(name)) {
    throw new LabkeeperError('STORAGE_INVALID', `'${name}' is not a collection name`, {
      found: name,
      allowed: 'lower-case words joined by _',
    });
  }
  const seen = new Set<string>();
  for (const index of Object.keys(indexes)) {
    if (!INDEX_NAME.test(index))
      throw new LabkeeperError('STORAGE_INVALID', `'${index}' of ${name} is not an index name`);
    // SQLite does not tell column names apart by case.
    if (seen.has(index.toLowerCase())) {
      throw new LabkeeperError(
        'STORAGE_INVALID',
        `'${index}' of ${name} differs from another index only by case`,
      );
    }
    seen.add(index.toLowerCase());
  }
}

/**
 * Throws STORAGE_INVALID when a collection that is in use is declared again with other indexes. Two parts of a program
 * that disagree would otherwise undo each other's indexes.
 */
export function assertSameDeclaration(
  known: CollectionDeclaration,
  declaration: CollectionDeclaration,
): void {
  if (known === declaration || indexText(known) === indexText(declaration)) return;
  throw new LabkeeperError(
    'STORAGE_INVALID',
    `collection ${declaration.name} is declared twice, with different indexes`,
    {
      found: indexText(declaration),
      allowed: indexText(known),
    },
  );
}

function indexText({ indexes = {} }: CollectionDeclaration): string {
  const entries = Object.entries(indexes).map(([index, kind]) => `${index}: ${kind}`);
  return entries.length === 0 ? 'no index' : entries.sort().join(', ');
}

/**
 * The value under which a record stands in an index, or undefined when it is left out of it.
 * Throws STORAGE_INVALID when the property holds something else than the declaration says.
 */
export function indexedValue(
  { name, indexes = {} }: CollectionDeclaration,
  index: string,
  record: unknown,
): IndexValue | undefined {
  const found = ownProperty(record, index);
  if (found === undefined || found === null) return undefined;
  const wanted = indexes[index] === 'number' ? 'number' : 'string';
  if (typeof found !== wanted) {
    throw new LabkeeperError(
      'STORAGE_INVALID',
      `'${index}' of a record in ${name} is a ${typeof found}, declared is ${wanted}`,
    );
  }
  // JSON has no infinity and no NaN: such a number is stored as null.
  return typeof found === 'number' && !Number.isFinite(found) ? undefined : (found as IndexValue);
}

function ownProperty(record: unknown, name: string): unknown {
  const hasIt = typeof record === 'object' && record !== null && Object.hasOwn(record, name);
  return hasIt ? (record as Record<string, unknown>)[name] : undefined;
}
