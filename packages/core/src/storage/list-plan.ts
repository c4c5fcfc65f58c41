import type { CollectionDeclaration, IndexValue, ListQuery } from '../contract/storage.js';
import { LabkeeperError } from '../errors/labkeeper-error.js';
import { type CursorPosition, decodeCursor, encodeCursor } from './cursor.js';
import { isIndexableText } from './storable.js';

const DEFAULT_LIMIT = 100;
/** More than a screen and less than a burden; who needs all of a collection turns pages. */
const MAX_LIMIT = 1_000;

/** A place in the order of a list: what is ordered by, then the key. */
export interface ListPosition {
  readonly order: IndexValue;
  readonly key: string;
}

/** A list query that fits its collection, with defaults filled in. */
export interface ListPlan {
  /** Absent: ordered and bounded by key. */
  readonly index: string | undefined;
  readonly equals: IndexValue | undefined;
  readonly from: IndexValue | undefined;
  readonly to: IndexValue | undefined;
  readonly descending: boolean;
  readonly limit: number;
  /** Only what stands behind this place. */
  readonly after: ListPosition | undefined;
}

/**
 * Reads a query against its declaration. Throws STORAGE_INVALID for an unknown index, a bound of the wrong type, a limit
 * below 1 and a cursor of another list. Called by every adapter, so that all refuse alike.
 */
export function planList(declaration: CollectionDeclaration, query: ListQuery = {}): ListPlan {
  const { index, equals, from, to, order, limit = DEFAULT_LIMIT, cursor } = query;
  const kind = orderKind(declaration, index);
  for (const bound of [equals, from, to]) assertBound(declaration, kind, bound);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new LabkeeperError('STORAGE_INVALID', `${limit} is not a limit`, {
      allowed: `1 to ${MAX_LIMIT}`,
      field: 'limit',
    });
  }
  return {
    index,
    equals,
    from,
    to,
    descending: order === 'descending',
    limit: Math.min(limit, MAX_LIMIT),
    after: cursor === undefined ? undefined : positionIn(kind, index, decodeCursor(cursor)),
  };
}

/** The cursor of a page that ended at `last`. */
export function cursorAfter({ index }: Pick<ListPlan, 'index'>, { order, key }: ListPosition): string {
  return encodeCursor(index === undefined ? { key } : { key, value: order });
}

function orderKind(
  { name, indexes = {} }: CollectionDeclaration,
  index: string | undefined,
): 'text' | 'number' {
  if (index === undefined) return 'text';
  const kind = Object.hasOwn(indexes, index) ? indexes[index] : undefined;
  if (!kind) throw new LabkeeperError('STORAGE_INVALID', `${name} has no index '${index}'`, { found: index });
  return kind;
}

function assertBound(
  { name }: CollectionDeclaration,
  kind: 'text' | 'number',
  bound: IndexValue | undefined,
): void {
  if (bound === undefined || fits(kind, bound)) return;
  throw new LabkeeperError('STORAGE_INVALID', `${JSON.stringify(bound)} is no bound for a list of ${name}`, {
    allowed: kind,
  });
}

function positionIn(
  kind: 'text' | 'number',
  index: string | undefined,
  position: CursorPosition,
): ListPosition {
  const order = index === undefined ? position.key : position.value;
  const isOfThisOrder =
    order !== undefined && fits(kind, order) && (index !== undefined) === (position.value !== undefined);
  if (isOfThisOrder && isIndexableText(position.key)) return { order, key: position.key };
  throw new LabkeeperError('STORAGE_INVALID', 'the cursor belongs to a list in another order', {
    field: 'cursor',
  });
}

function fits(kind: 'text' | 'number', value: IndexValue): boolean {
  return typeof value === 'number'
    ? kind === 'number' && !Number.isNaN(value)
    : kind === 'text' && isIndexableText(value);
}
