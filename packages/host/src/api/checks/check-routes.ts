import { LabkeeperError, optionsObject, Type, VERDICT_STATUSES } from '@labkeeper/core';
import { type CheckStatus, cutPage } from '@labkeeper/engine';
import { actorOf, changing, fieldOf, readable } from '../access/route-access.js';
import type { ApiApp, ApiContext } from '../api-context.js';
import { entityIdField, readEntityId } from '../entities/entity-id.js';
import { spanFields, spanQuery, spanView } from '../metrics/history-shape.js';
import { asNullable } from '../metrics/time-bins.js';
import { binsOfQuery } from '../metrics/time-span.js';
import { choice, nullable, pageQuery, shape } from '../schemas/shape.js';
import { checkHistory } from './check-history.js';
import { checkPage, checkParams, checkShape, checkView } from './check-shape.js';

const tags = ['checks'];

const checkQuery = optionsObject({
  status: Type.Optional(choice(VERDICT_STATUSES)),
  q: Type.Optional(Type.String({ maxLength: 200, description: 'Part of the id, the name or the entity.' })),
  entity_id: Type.Optional(entityIdField),
  server_id: Type.Optional(
    Type.String({ maxLength: 200, description: 'Checks of the server and of what runs on it.' }),
  ),
  ...pageQuery,
});

const checkHistoryShape = shape('CheckHistory', {
  check_id: Type.String(),
  ...spanFields,
  status: Type.Array(nullable(Type.Integer()), {
    description:
      'Worst result in each step: 0 up, 1 degraded, 2 down, 3 unknown; null where the check did not run.',
  }),
  latency_ms: Type.Array(nullable(Type.Number())),
});

/** `/api/v1/checks`. */
export function checkRoutes(app: ApiApp, context: ApiContext): void {
  const { engine, tally, storage, clock } = context;

  app.get(
    '/api/v1/checks',
    {
      config: readable('viewer'),
      schema: { summary: 'All checks', tags, querystring: checkQuery, response: { 200: checkPage } },
    },
    ({ query }) => {
      const { status, q, entity_id, server_id, limit, cursor } = query;
      const entity = readEntityId(entity_id);
      const filter = {
        ...(status ? { status } : {}),
        ...(q === undefined ? {} : { text: q }),
        ...(entity ? { entity } : {}),
      };
      if (server_id === undefined) return pageView(engine.checks.list(filter, { limit, cursor }));
      const ofServer = tally.checkIdsOf(server_id).map((id) => engine.checks.get(id));
      const fitting = ofServer.filter(
        (check) => check !== undefined && (status === undefined || check.status === status),
      );
      return pageView(
        cutPage(fitting as CheckStatus[], { list: 'checks', keyOf: ({ id }) => id }, { limit, cursor }),
      );
    },
  );

  app.get(
    '/api/v1/checks/:check_id',
    {
      config: readable('viewer'),
      schema: { summary: 'One check', tags, params: checkParams, response: { 200: checkShape } },
    },
    ({ params }) => checkView(findCheck(context, params.check_id)),
  );

  app.get(
    '/api/v1/checks/:check_id/history',
    {
      config: readable('viewer'),
      schema: {
        summary: 'Results of a check over time',
        tags,
        params: checkParams,
        querystring: spanQuery,
        response: { 200: checkHistoryShape },
      },
    },
    async ({ params, query }) => {
      const { id } = findCheck(context, params.check_id);
      const bins = binsOfQuery(query, clock.now());
      const { status, latencyMs } = await checkHistory(storage.samples, id, bins);
      return {
        check_id: id,
        ...spanView(bins),
        status: asNullable(status, 0),
        latency_ms: asNullable(latencyMs, 2),
      };
    },
  );
  controlRoutes(app, context);
}

function controlRoutes(app: ApiApp, context: ApiContext): void {
  const { engine } = context;
  const target = ({ params }: { params: unknown }) => fieldOf(params, 'check_id');
  const schema = { tags, params: checkParams, response: { 200: checkShape } };

  app.post(
    '/api/v1/checks/:check_id/run',
    {
      config: changing('operator', 'check.run', target),
      schema: { ...schema, summary: 'Run a check now', description: 'Answers when it has run.' },
    },
    async ({ params }) => checkView(await engine.checks.runNow(findCheck(context, params.check_id).id)),
  );

  app.post(
    '/api/v1/checks/:check_id/pause',
    { config: changing('operator', 'check.pause', target), schema: { ...schema, summary: 'Pause a check' } },
    async (request) => {
      const { id } = findCheck(context, request.params.check_id);
      await engine.checks.pause(id, actorOf(request));
      return checkView(findCheck(context, id));
    },
  );

  app.post(
    '/api/v1/checks/:check_id/resume',
    {
      config: changing('operator', 'check.resume', target),
      schema: { ...schema, summary: 'Go on with a paused check' },
    },
    async (request) => {
      const { id } = findCheck(context, request.params.check_id);
      await engine.checks.resume(id, actorOf(request));
      return checkView(findCheck(context, id));
    },
  );
}

function findCheck({ engine }: ApiContext, id: string): CheckStatus {
  const check = engine.checks.get(id);
  if (!check) throw new LabkeeperError('NOT_FOUND', `There is no check '${id}'.`, { field: 'check_id' });
  return check;
}

function pageView(page: { items: readonly CheckStatus[]; total: number; nextCursor?: string }) {
  return { items: page.items.map(checkView), total: page.total, next_cursor: page.nextCursor ?? null };
}
