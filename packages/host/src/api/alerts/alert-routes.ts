import { type Alert, optionsObject, SEVERITIES, Type } from '@labkeeper/core';
import { ALERT_STATUSES } from '@labkeeper/engine';
import { actorOf, changing, fieldOf, readable } from '../access/route-access.js';
import type { ApiApp, ApiContext } from '../api-context.js';
import { choice, nullable, pageQuery, shape, time } from '../schemas/shape.js';
import { alertPage, alertParams, alertShape, alertView } from './alert-shape.js';
import { alertsOfServer } from './alerts-of-server.js';
import { findAlert } from './find-alert.js';
import { readComingTime } from './read-end.js';
import { whyShape, whyView } from './why-shape.js';

const tags = ['alerts'];

const alertQuery = optionsObject({
  status: Type.Optional(choice(ALERT_STATUSES)),
  severity: Type.Optional(choice(SEVERITIES)),
  server_id: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'Alerts of the server and of what runs on it.',
    }),
  ),
  ...pageQuery,
});

const reason = nullable(Type.String({ maxLength: 1_000 }), { description: 'Why, for the others.' });

const acknowledgeInput = shape('Acknowledge', {
  reason: Type.Optional(reason),
  until: Type.Optional(
    nullable(time(), { description: 'Afterwards it is told again. Null: it stays acknowledged.' }),
  ),
});

const resolveInput = shape('Resolve', { reason: Type.Optional(reason) });

/** `/api/v1/alerts` (S2). */
export function alertRoutes(app: ApiApp, context: ApiContext): void {
  const { engine, tally } = context;
  const view = (alert: Alert) => alertView(alert, tally.serverOf(alert.entity));
  const find = (id: string) => findAlert(engine, id);

  app.get(
    '/api/v1/alerts',
    {
      config: readable('viewer'),
      schema: {
        summary: 'Alerts, the newest first',
        tags,
        querystring: alertQuery,
        response: { 200: alertPage },
      },
    },
    async ({ query }) => {
      const { status, severity, server_id, ...part } = query;
      const filter = { ...(status ? { status } : {}), ...(severity ? { severity } : {}) };
      const page =
        server_id === undefined
          ? await engine.alerts.list(filter, part)
          : await alertsOfServer(context, { ...filter, serverId: server_id }, part);
      return { items: page.items.map(view), total: page.total, next_cursor: page.nextCursor ?? null };
    },
  );

  app.get(
    '/api/v1/alerts/:alert_id',
    {
      config: readable('viewer'),
      schema: { summary: 'One alert', tags, params: alertParams, response: { 200: alertShape } },
    },
    async ({ params }) => view(await find(params.alert_id)),
  );

  app.get(
    '/api/v1/alerts/:alert_id/why',
    {
      config: readable('viewer'),
      schema: {
        summary: 'Everything that was decided about an alert, and why',
        tags,
        params: alertParams,
        response: { 200: whyShape },
      },
    },
    async ({ params }) => {
      const { id } = await find(params.alert_id);
      return { items: (await engine.alerts.why(id)).map(whyView) };
    },
  );

  app.post(
    '/api/v1/alerts/:alert_id/acknowledge',
    {
      config: changing('operator', 'alert.acknowledge', ({ params }) => fieldOf(params, 'alert_id')),
      schema: {
        summary: 'Say that somebody has seen it',
        tags,
        params: alertParams,
        body: acknowledgeInput,
        response: { 200: alertShape },
      },
    },
    async (request) => {
      const { id } = await find(request.params.alert_id);
      const { until } = request.body;
      const untilMs =
        typeof until === 'string' ? readComingTime(until, 'until', context.clock.now()) : undefined;
      const change = {
        by: actorOf(request),
        reason: request.body.reason ?? '',
        ...(untilMs === undefined ? {} : { untilMs }),
      };
      return view(await engine.alerts.acknowledge(id, change));
    },
  );

  app.post(
    '/api/v1/alerts/:alert_id/resolve',
    {
      config: changing('operator', 'alert.resolve', ({ params }) => fieldOf(params, 'alert_id')),
      schema: {
        summary: 'Mark it as resolved',
        description:
          'While its condition lasts it stays closed, and the message says so. It fires again when it gets worse, or when it comes back after it was well.',
        tags,
        params: alertParams,
        body: resolveInput,
        response: { 200: alertShape },
      },
    },
    async (request) => {
      const { id } = await find(request.params.alert_id);
      return view(
        await engine.alerts.resolve(id, { by: actorOf(request), reason: request.body.reason ?? '' }),
      );
    },
  );
}
