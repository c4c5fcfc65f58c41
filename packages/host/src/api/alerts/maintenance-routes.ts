import {
  type EntityId,
  isEntityId,
  LabkeeperError,
  type Maintenance,
  type MaintenanceTimes,
  type Static,
  Type,
} from '@labkeeper/core';
import type { Engine } from '@labkeeper/engine';
import { actorOf, changing, fieldOf, readable } from '../access/route-access.js';
import type { ApiApp, ApiContext } from '../api-context.js';
import {
  maintenanceInput,
  maintenanceList,
  maintenanceParams,
  maintenanceShape,
  maintenanceView,
} from './maintenance-shape.js';
import { readDuration, readTime } from './read-end.js';

const tags = ['maintenance'];

/** `/api/v1/maintenance`: windows in which nobody is told. Those of the file are shown too and changed there. */
export function maintenanceRoutes(app: ApiApp, { engine }: ApiContext): void {
  app.get(
    '/api/v1/maintenance',
    {
      config: readable('viewer'),
      schema: { summary: 'Maintenance windows by name', tags, response: { 200: maintenanceList } },
    },
    () => ({ items: engine.alerts.maintenance().map(maintenanceView) }),
  );

  app.get(
    '/api/v1/maintenance/:name',
    {
      config: readable('viewer'),
      schema: {
        summary: 'One maintenance window',
        tags,
        params: maintenanceParams,
        response: { 200: maintenanceShape },
      },
    },
    ({ params }) => maintenanceView(findWindow(engine, params.name)),
  );

  app.put(
    '/api/v1/maintenance/:name',
    {
      config: changing('operator', 'maintenance.set', ({ params }) => fieldOf(params, 'name')),
      schema: {
        summary: 'Make or replace a maintenance window',
        tags,
        params: maintenanceParams,
        body: maintenanceInput,
        response: { 200: maintenanceShape },
      },
    },
    async (request) => {
      const wanted = readMaintenance(request.params.name, request.body);
      const set = await engine.alerts.setMaintenance(wanted, actorOf(request)).catch((error: unknown) => {
        throw asOfBody(error, wanted);
      });
      return maintenanceView(set);
    },
  );

  app.delete(
    '/api/v1/maintenance/:name',
    {
      config: changing('operator', 'maintenance.remove', ({ params }) => fieldOf(params, 'name')),
      schema: {
        summary: 'Remove a maintenance window',
        tags,
        params: maintenanceParams,
        response: { 204: Type.Null({ description: 'Removed.' }) },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      if (!(await engine.alerts.removeMaintenance(name, actorOf(request)))) throw unknownWindow(name);
      return reply.code(204).send(null);
    },
  );
}

function findWindow({ alerts }: Engine, name: string) {
  const window = alerts.maintenance().find((one) => one.name === name);
  if (!window) throw unknownWindow(name);
  return window;
}

function unknownWindow(name: string): LabkeeperError {
  return new LabkeeperError('NOT_FOUND', `There is no maintenance '${name}'.`, { field: 'name' });
}

type Input = Static<typeof maintenanceInput>;

function readMaintenance(name: string, body: Input): Maintenance {
  const { time_zone: timeZone, matchers = [], entities = [], comment } = body;
  const stranger = entities.find((entity) => !isEntityId(entity));
  if (stranger !== undefined)
    throw invalid('entities', `'${stranger}' is not an entity id such as server:nas.`);
  return {
    ...{ name, times: readTimes(body) },
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(matchers.length === 0 ? {} : { matchers }),
    ...(entities.length === 0 ? {} : { entities: entities as readonly EntityId[] }),
    ...(typeof comment === 'string' ? { comment } : {}),
  };
}

function readTimes({ once, weekly, cron }: Input): MaintenanceTimes {
  if ([once, weekly, cron].filter(Boolean).length !== 1)
    throw invalid('once', 'A maintenance has one of once, weekly and cron.');
  if (once)
    return { kind: 'once', fromMs: readTime(once.from, 'once.from'), toMs: readTime(once.to, 'once.to') };
  if (weekly) return { kind: 'weekly', ...weekly };
  const { expression, for: lasting } = cron as NonNullable<Input['cron']>;
  return { kind: 'cron', expression, durationMs: readDuration(lasting, 'cron.for') };
}

/** The engine says `times`; the body has a key for each kind of them. */
function asOfBody(error: unknown, { times }: Maintenance): unknown {
  if (!(error instanceof LabkeeperError) || error.field !== 'times') return error;
  return new LabkeeperError(error.code, `${times.kind}: ${error.message}.`, { field: times.kind });
}

function invalid(field: string, message: string): LabkeeperError {
  return new LabkeeperError('VALIDATION_ERROR', message, { field });
}
