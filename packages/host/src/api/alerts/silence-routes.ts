import { LabkeeperError, type SilenceRequest, type Static, Type } from '@labkeeper/core';
import { actorOf, changing, fieldOf, readable } from '../access/route-access.js';
import type { ApiApp, ApiContext } from '../api-context.js';
import { alertParams } from './alert-shape.js';
import { findAlert } from './find-alert.js';
import { readComingTime, readDuration, readTime } from './read-end.js';
import {
  alertSilenceInput,
  silenceInput,
  silenceList,
  silenceParams,
  silenceShape,
  silenceView,
} from './silence-shape.js';

const tags = ['silences'];

/** `/api/v1/silences`: nobody is told of what they cover. Those made with Alertmanager's tools are the same ones. */
export function silenceRoutes(app: ApiApp, { engine, clock }: ApiContext): void {
  app.get(
    '/api/v1/silences',
    {
      config: readable('viewer'),
      schema: {
        summary: 'Silences, the newest change first',
        description: 'Those that ended are listed for five days.',
        tags,
        response: { 200: silenceList },
      },
    },
    () => ({ items: engine.alerts.silences().map((silence) => silenceView(silence, clock.now())) }),
  );

  app.post(
    '/api/v1/silences',
    {
      config: changing('operator', 'silence.create', ({ body }) => fieldOf(body, 'comment')),
      schema: { summary: 'Make a silence', tags, body: silenceInput, response: { 201: silenceShape } },
    },
    async (request, reply) => {
      const { matchers, comment = '' } = request.body;
      const actor = actorOf(request);
      const silence = await engine.alerts.silence(
        { ...timesOf(request.body, clock.now()), matchers, comment, createdBy: actor.name },
        actor,
      );
      return reply.code(201).send(silenceView(silence, clock.now()));
    },
  );

  app.delete(
    '/api/v1/silences/:silence_id',
    {
      config: changing('operator', 'silence.end', ({ params }) => fieldOf(params, 'silence_id')),
      schema: {
        summary: 'End a silence',
        tags,
        params: silenceParams,
        response: { 204: Type.Null({ description: 'It has ended.' }) },
      },
    },
    async (request, reply) => {
      await engine.alerts.expireSilence(request.params.silence_id, actorOf(request));
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/api/v1/alerts/:alert_id/silence',
    {
      config: changing('operator', 'alert.silence', ({ params }) => fieldOf(params, 'alert_id')),
      schema: {
        summary: 'Silence one alert for a while, or until it is over',
        tags,
        params: alertParams,
        body: alertSilenceInput,
        response: { 201: silenceShape },
      },
    },
    async (request, reply) => {
      const { id, labels, state } = await findAlert(engine, request.params.alert_id);
      if (state !== 'firing')
        throw new LabkeeperError('CONFLICT', 'The alert is over; there is nothing to silence.');
      const { duration, comment = '' } = request.body;
      const actor = actorOf(request);
      const nowMs = clock.now();
      const end =
        typeof duration === 'string'
          ? { endsAtMs: nowMs + readDuration(duration, 'duration') }
          : { untilResolved: id };
      const matchers = Object.entries(labels).map(([label, value]) => ({
        label,
        operator: '=' as const,
        value,
      }));
      const silence = await engine.alerts.silence(
        { matchers, startsAtMs: nowMs, ...end, comment, createdBy: actor.name },
        actor,
      );
      return reply.code(201).send(silenceView(silence, nowMs));
    },
  );
}

/** Begin and end. Throws VALIDATION_ERROR where there is not exactly one end, BAD_REQUEST for one that has passed. */
function timesOf(
  { starts_at: starts, ends_at: ends, duration }: Static<typeof silenceInput>,
  nowMs: number,
): Pick<SilenceRequest, 'startsAtMs' | 'endsAtMs'> {
  const startsAtMs = typeof starts === 'string' ? readTime(starts, 'starts_at') : nowMs;
  const hasEnd = typeof ends === 'string';
  const hasDuration = typeof duration === 'string';
  if (hasEnd === hasDuration)
    throw new LabkeeperError('VALIDATION_ERROR', 'A silence has one of ends_at and duration.', {
      field: 'ends_at',
    });
  const endsAtMs = hasEnd
    ? readComingTime(ends, 'ends_at', nowMs)
    : Math.max(startsAtMs, nowMs) + readDuration(duration as string, 'duration');
  if (endsAtMs <= startsAtMs)
    throw new LabkeeperError('VALIDATION_ERROR', 'A silence ends later than it begins.', {
      field: 'ends_at',
    });
  return { startsAtMs, endsAtMs };
}
