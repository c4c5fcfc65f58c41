import type { Alert, PushedAlert, RouteContext } from '@labkeeper/core';
import type { FastifyInstance } from 'fastify';
import { RequestFault } from '../answer-errors.js';
import { compiled, filterMatcher } from '../matchers.js';
import { fieldsOf, labelsOf, listOf, textOf, timeMsOf } from '../read-fields.js';
import { TAKES_IN } from '../takes-in.js';
import { alertJson, stateOf } from './alert-json.js';
import { channelsByAlert, receiverFilter } from './receivers.js';

/** Alerts that come by the API, as Prometheus sends them. */
const WAY = 'alertmanager';

/** `alerts` and `alerts/groups`. */
export function alertRoutes(scope: FastifyInstance, { alerts, clock }: RouteContext): void {
  scope.get('/api/v2/alerts', async ({ url }) => {
    const query = queryOf(url);
    const [isWanted, isMeant] = [alertFilter(query), receiverFilter(query)];
    const channelsOf = channelsByAlert(alerts.groups());
    return alerts
      .firing()
      .filter((alert) => isWanted(alert) && isMeant(channelsOf(alert)))
      .map((alert) => alertJson(alert, channelsOf(alert), clock.now()));
  });

  scope.get('/api/v2/alerts/groups', async ({ url }) => {
    const query = queryOf(url);
    const [isWanted, isMeant] = [alertFilter(query), receiverFilter(query)];
    const groups = alerts.groups();
    // A group has one receiver; its alerts may have others besides, and Alertmanager names them all.
    const channelsOf = channelsByAlert(groups);
    return groups
      .filter(({ channel }) => isMeant([channel]))
      .map(({ channel, labels, alerts: members }) => ({
        labels,
        routeLabels: {},
        receiver: { name: channel },
        alerts: members.filter(isWanted).map((alert) => alertJson(alert, channelsOf(alert), clock.now())),
      }))
      .filter(({ alerts: members }) => members.length > 0);
  });

  scope.post('/api/v2/alerts', TAKES_IN, async ({ body }, reply) => {
    const pushed = listOf(body, 'the body').map((item, index) => readAlert(item, `[${index}]`));
    await alerts.push(WAY, pushed);
    return reply.code(200).send();
  });
}

/** Reads one alert as Prometheus and Alertmanager send it. */
export function readAlert(item: unknown, where: string): PushedAlert {
  const fields = fieldsOf(item, where);
  const labels = labelsOf(fields.labels, `${where}.labels`);
  if (Object.keys(labels).length === 0) throw new RequestFault(`${where}: at least one label pair required`);
  const startsAtMs = timeMsOf(fields.startsAt, `${where}.startsAt`);
  const endsAtMs = timeMsOf(fields.endsAt, `${where}.endsAt`);
  if (startsAtMs !== undefined && endsAtMs !== undefined && endsAtMs < startsAtMs)
    throw new RequestFault(`${where}: start time must be before end time`);
  const url = textOf(fields.generatorURL, `${where}.generatorURL`);
  return {
    labels,
    annotations: labelsOf(fields.annotations, `${where}.annotations`),
    ...(startsAtMs === undefined ? {} : { startsAtMs }),
    ...(endsAtMs === undefined ? {} : { endsAtMs }),
    ...(url === '' ? {} : { url }),
  };
}

function queryOf(url: string): URLSearchParams {
  const at = url.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
}

/** Which alerts a query wants. States are wanted unless it says `false`. */
function alertFilter(query: URLSearchParams): (alert: Alert) => boolean {
  const matches = compiled(query.getAll('filter').map(filterMatcher));
  const isWanted = (name: string) => query.get(name) !== 'false';
  return (alert) => {
    const { state, silencedBy, inhibitedBy, mutedBy } = stateOf(alert);
    if (!matches({ name: '', labels: alert.labels })) return false;
    if (state === 'active') return isWanted('active');
    if (silencedBy.length > 0) return isWanted('silenced');
    if (inhibitedBy.length > 0) return isWanted('inhibited');
    return mutedBy.length === 0 || isWanted('muted');
  };
}
