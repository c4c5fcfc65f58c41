import type { RuleGroupStatus, RuleStatus } from '@labkeeper/engine';
import { formatExpression } from '@labkeeper/promql';
import { readable } from '../access/route-access.js';
import type { ApiApp, ApiContext } from '../api-context.js';
import { PrometheusFailure, sendData } from './answer.js';
import { Parameters } from './parameters.js';
import { prometheusSchema } from './route-schema.js';
import { valueText } from './write-value.js';

/** Go's zero time: never. */
const NEVER = '0001-01-01T00:00:00Z';

type AlertOfRule = RuleStatus['alerts'][number];

/** `rules` and `alerts`: what is evaluated, and what it has found. */
export function ruleRoutes(app: ApiApp, { engine }: ApiContext): void {
  app.get(
    '/rules',
    { config: readable('viewer'), schema: prometheusSchema('Rules and how they are') },
    async (request, reply) => {
      const parameters = new Parameters(request);
      const groups = engine.rules
        .groups()
        .filter((group) => isMeant(parameters.all('rule_group[]'), group.name))
        .filter((group) => isMeant(parameters.all('file[]'), group.file))
        .map((group) => groupJson(group, parameters))
        .filter(({ rules }) => rules.length > 0 || parameters.all('rule_name[]').length === 0);
      return sendData(reply, { groups });
    },
  );

  app.get(
    '/alerts',
    { config: readable('viewer'), schema: prometheusSchema('Alerts of rules, pending and firing') },
    async (_, reply) => {
      const alerts = engine.rules.groups().flatMap(({ rules }) => rules.flatMap((rule) => rule.alerts));
      return sendData(reply, { alerts: alerts.map(alertJson) });
    },
  );
}

function isMeant(wanted: readonly string[], name: string): boolean {
  return wanted.length === 0 || wanted.includes(name);
}

const KINDS: ReadonlyMap<string, RuleStatus['rule']['kind']> = new Map([
  ['alert', 'alerting'],
  ['record', 'recording'],
]);

/** The kind that `type` asks for. Throws bad_data for one that there is not. */
function kindOf(parameters: Parameters): RuleStatus['rule']['kind'] | undefined {
  const text = parameters.text('type') ?? '';
  if (text === '') return undefined;
  const kind = KINDS.get(text);
  if (kind === undefined)
    throw new PrometheusFailure('bad_data', `invalid parameter "type": not supported value "${text}"`);
  return kind;
}

function groupJson(group: RuleGroupStatus, parameters: Parameters) {
  const kind = kindOf(parameters);
  const isWanted = ({ rule }: RuleStatus) =>
    isMeant(parameters.all('rule_name[]'), rule.name) && (kind === undefined || kind === rule.kind);
  return {
    ...{ name: group.name, file: group.file, interval: group.intervalMs / 1_000, limit: group.limit },
    evaluationTime: group.durationMs / 1_000,
    lastEvaluation: timeJson(group.evaluatedAtMs),
    rules: group.rules
      .filter(isWanted)
      .map((status) => ruleJson(status, parameters.text('exclude_alerts') === 'true')),
  };
}

function ruleJson(status: RuleStatus, withoutAlerts: boolean) {
  const { rule, health, failure = '', durationMs, evaluatedAtMs } = status;
  const common = {
    ...{ name: rule.name, query: formatExpression(rule.expression), labels: rule.labels },
    health: health === 'failing' ? 'err' : health,
    ...{ lastError: failure, evaluationTime: durationMs / 1_000, lastEvaluation: timeJson(evaluatedAtMs) },
  };
  if (rule.kind === 'recording') return { ...common, type: 'recording' };
  return {
    ...common,
    type: 'alerting',
    state: stateOf(status.alerts),
    ...{ duration: rule.forMs / 1_000, keepFiringFor: rule.keepFiringForMs / 1_000 },
    annotations: rule.annotations,
    alerts: withoutAlerts ? [] : status.alerts.map(alertJson),
  };
}

function stateOf(alerts: readonly AlertOfRule[]): 'firing' | 'pending' | 'inactive' {
  if (alerts.some(({ state }) => state === 'firing')) return 'firing';
  return alerts.length > 0 ? 'pending' : 'inactive';
}

function alertJson({ labels, annotations, state, activeAtMs, value, keepFiringSinceMs }: AlertOfRule) {
  return {
    ...{ labels, annotations, state, activeAt: timeJson(activeAtMs), value: valueText(value) },
    ...(keepFiringSinceMs === undefined ? {} : { keepFiringSince: timeJson(keepFiringSinceMs) }),
  };
}

function timeJson(timeMs: number | undefined): string {
  return timeMs === undefined ? NEVER : new Date(timeMs).toISOString();
}
