import { type Collection, LabkeeperError, type ListQuery, type Page } from '@labkeeper/core';

/** Which part of a list. */
export interface PageRequest {
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
  /** Default 100, at most 1000. */
  readonly limit?: number | undefined;
}

/** A part of a list that is kept in memory. */
export interface ListPage<Item> {
  readonly items: readonly Item[];
  /** Of all pages together. */
  readonly total: number;
  readonly nextCursor?: string;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

/** The limit within its bounds. */
function pageLimit(limit: number | undefined): number {
  return Math.min(Math.max(1, limit ?? DEFAULT_LIMIT), MAX_LIMIT);
}

/** A list whose pages are cut. */
export interface ListOrder<Item> {
  /** A word for the list: its cursors are refused by every other one. */
  readonly list: string;
  /** What it is sorted by, ascending; unique. */
  readonly keyOf: (item: Item) => string;
}

/**
 * Cuts a page out of a sorted list. The cursor holds the key of the last item, so it stays valid while items come and go.
 * Throws BAD_REQUEST for a cursor that no page of this list has given.
 */
export function cutPage<Item>(
  sorted: readonly Item[],
  { list, keyOf }: ListOrder<Item>,
  request: PageRequest = {},
): ListPage<Item> {
  const limit = pageLimit(request.limit);
  const after = request.cursor === undefined ? undefined : readCursor(list, request.cursor);
  const start = after === undefined ? 0 : sorted.findIndex((item) => keyOf(item) > after);
  const items = start < 0 ? [] : sorted.slice(start, start + limit);
  const last = items.at(-1);
  if (!last || start + limit >= sorted.length) return { items, total: sorted.length };
  return {
    items,
    total: sorted.length,
    nextCursor: Buffer.from(`${list} ${keyOf(last)}`).toString('base64url'),
  };
}

function readCursor(list: string, cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (!text.startsWith(`${list} `))
    throw new LabkeeperError('BAD_REQUEST', 'the cursor is not one that this list has given', {
      field: 'cursor',
    });
  return text.slice(list.length + 1);
}

/** Every value of a collection, page by page, so that a large one is never in memory twice. For reading at the start. */
export async function* readAll<Value>(
  collection: Collection<Value>,
  query: ListQuery = {},
): AsyncGenerator<Value> {
  let cursor: string | undefined;
  do {
    const page: Page<Value> = await collection.list({
      ...query,
      limit: MAX_LIMIT,
      ...(cursor ? { cursor } : {}),
    });
    for (const { value } of page.records) yield value;
    cursor = page.nextCursor;
  } while (cursor);
}

/** One page of a stored collection, with the number of all that match. */
export async function storedPage<Value>(
  collection: Collection<Value>,
  query: Pick<ListQuery, 'index' | 'equals' | 'order'>,
  { cursor, limit }: PageRequest = {},
): Promise<ListPage<Value>> {
  const page = await collection.list({
    ...query,
    limit: pageLimit(limit),
    ...(cursor === undefined ? {} : { cursor }),
  });
  const { order: _, ...counted } = query;
  return {
    items: page.records.map(({ value }) => value),
    total: await collection.count(counted),
    ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }),
  };
}
