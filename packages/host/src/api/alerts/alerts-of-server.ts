import type { Alert, EntityId } from '@labkeeper/core';
import { type AlertFilter, cutPage, type ListPage, type PageRequest } from '@labkeeper/engine';
import type { ApiContext } from '../api-context.js';
import { entityIdOf } from '../servers/server-registry.js';

/** Alerts of one entity that are looked at: the newest. Nobody pages through a thousand, and S2 keeps 90 days only. */
const MAX_PER_ENTITY = 1_000;

/** Digits of the largest time in milliseconds. */
const TIME_DIGITS = 16;

/** Alerts of a server and of everything that runs on it, the newest first. */
export async function alertsOfServer(
  context: Pick<ApiContext, 'engine' | 'tally'>,
  { serverId, ...filter }: Omit<AlertFilter, 'entity'> & { readonly serverId: string },
  page: PageRequest,
): Promise<ListPage<Alert>> {
  const pages = await Promise.all(
    entitiesOf(context, serverId).map((entity) =>
      context.engine.alerts.list({ ...filter, entity }, { limit: MAX_PER_ENTITY }),
    ),
  );
  const alerts = pages
    .flatMap(({ items }) => items)
    .sort((a, b) => (newestFirst(a) < newestFirst(b) ? -1 : 1));
  return cutPage(alerts, { list: 'alerts', keyOf: newestFirst }, page);
}

function entitiesOf(
  { engine, tally }: Pick<ApiContext, 'engine' | 'tally'>,
  serverId: string,
): readonly EntityId[] {
  const found = [entityIdOf(serverId)];
  for (let cursor: string | undefined, isMore = true; isMore; ) {
    const { items, nextCursor } = engine.entities.list({}, { limit: 1_000, cursor });
    for (const { id } of items) if (id !== found[0] && tally.serverOf(id) === serverId) found.push(id);
    cursor = nextCursor;
    isMore = cursor !== undefined;
  }
  return found;
}

/** Sorts the newest first, also as text. */
function newestFirst({ id, firingAtMs = 0 }: Alert): string {
  return `${String(Number.MAX_SAFE_INTEGER - firingAtMs).padStart(TIME_DIGITS, '0')} ${id}`;
}
