import {
  compileMatchers,
  LabkeeperError,
  type RouteContext,
  type Silence,
  silenceState,
} from '@labkeeper/core';
import type { FastifyInstance } from 'fastify';
import { RequestFault } from '../answer-errors.js';
import { filterMatcher, readMatchers, writeMatchers } from '../matchers.js';
import { fieldsOf, textOf, timeMsOf } from '../read-fields.js';

/** A silence without an end has this one for clients that cannot do without. */
const NO_END = '9999-12-31T23:59:59.000Z';

interface ById {
  readonly Params: { readonly id: string };
}

/** `silences` and `silence/:id`. */
export function silenceRoutes(scope: FastifyInstance, { alerts, clock, actorOf }: RouteContext): void {
  scope.get('/api/v2/silences', async ({ url }) => {
    const query = new URLSearchParams(url.split('?')[1] ?? '');
    const isMeant = silenceFilter(query.getAll('filter'));
    return alerts
      .silences()
      .filter((silence) => isMeant(silence) && query.get(silenceState(silence, clock.now())) !== 'false')
      .map((silence) => silenceJson(silence, clock.now()));
  });

  scope.post('/api/v2/silences', async (request) => {
    const silence = await alerts.silence(readSilence(request.body), actorOf(request));
    return { silenceID: silence.id };
  });

  scope.get<ById>('/api/v2/silence/:id', async ({ params }) => {
    const found = alerts.silences().find(({ id }) => id === params.id);
    if (!found) throw new LabkeeperError('NOT_FOUND', `there is no silence '${params.id}'`);
    return silenceJson(found, clock.now());
  });

  scope.delete<ById>('/api/v2/silence/:id', async (request, reply) => {
    await alerts.expireSilence(request.params.id, actorOf(request));
    return reply.code(200).send();
  });
}

function readSilence(body: unknown) {
  const fields = fieldsOf(body, 'the body');
  const startsAtMs = timeMsOf(fields.startsAt, 'startsAt');
  const endsAtMs = timeMsOf(fields.endsAt, 'endsAt');
  const id = textOf(fields.id, 'id');
  if (startsAtMs === undefined || endsAtMs === undefined)
    throw new RequestFault('startsAt and endsAt are needed');
  return {
    matchers: readMatchers(fields.matchers),
    ...{ startsAtMs, endsAtMs },
    createdBy: textOf(fields.createdBy, 'createdBy'),
    comment: textOf(fields.comment, 'comment'),
    ...(id === '' ? {} : { id }),
  };
}

/** A filter asks for silences that have such a matcher, or whose matchers accept the value, as amtool understands it. */
function silenceFilter(filters: readonly string[]): (silence: Silence) => boolean {
  const wanted = filters.map(filterMatcher);
  return ({ matchers }) =>
    wanted.every((matcher) =>
      matchers.some(({ label, value }) => {
        if (label !== matcher.label) return false;
        return compileMatchers([matcher])({ name: '', labels: { [label]: value } });
      }),
    );
}

function silenceJson(silence: Silence, nowMs: number) {
  const { id, matchers, startsAtMs, endsAtMs, createdBy, comment, updatedAtMs } = silence;
  return {
    id,
    status: { state: silenceState(silence, nowMs) },
    updatedAt: new Date(updatedAtMs).toISOString(),
    matchers: writeMatchers(matchers),
    startsAt: new Date(startsAtMs).toISOString(),
    endsAt: endsAtMs === undefined ? NO_END : new Date(endsAtMs).toISOString(),
    createdBy,
    comment,
    annotations: {},
  };
}
