import { type Alert, type Evidence, SEVERITIES, type Static, type Suppression, Type } from '@labkeeper/core';
import { ALERT_STATUSES, alertStatus } from '@labkeeper/engine';
import { choice, isoTime, isoTimeOrNull, mapOf, nullable, pageOf, shape, time } from '../schemas/shape.js';

const evidenceShape = shape('Evidence', {
  name: Type.String(),
  at: time(),
  text: nullable(Type.String()),
  values: nullable(
    Type.Array(shape('EvidenceValue', { labels: mapOf(Type.String()), value: nullable(Type.Number()) })),
    { description: 'Of a query: what was measured. Null values are no finite numbers.' },
  ),
});

export const alertShape = shape('Alert', {
  alert_id: Type.String(),
  server_id: nullable(Type.String(), { description: 'The server it is about, or on which the thing runs.' }),
  entity_id: nullable(Type.String()),
  severity: choice(SEVERITIES),
  type: Type.String({ description: 'Classification, such as service_down or disk_warning.' }),
  title: Type.String(),
  message: Type.String(),
  metric_value: nullable(Type.Number()),
  threshold_value: nullable(Type.Number()),
  status: choice(ALERT_STATUSES),
  created_at: time(),
  acknowledged_at: nullable(time()),
  acknowledged_by: nullable(Type.String()),
  acknowledged_reason: nullable(Type.String()),
  resolved_at: nullable(time()),
  suppressed_by: nullable(Type.String(), {
    description: 'What holds its notifications back: an entity, a silence, a window.',
  }),
  suppression: nullable(
    shape('Suppression', {
      kind: choice(['dependency', 'silence', 'maintenance', 'inhibition', 'flapping']),
      by: Type.String({
        description: 'Id of the entity, silence or alert, name of the window, or the source.',
      }),
      since: time(),
    }),
    { description: 'Why nobody is told of it at the moment.' },
  ),
  rule: Type.String({ description: 'The rule or check that raised it.' }),
  labels: mapOf(Type.String()),
  annotations: mapOf(Type.String(), { description: 'What its rule says about it, for people.' }),
  evidence: Type.Array(evidenceShape, { description: 'What was looked up when it began to fire.' }),
  url: nullable(Type.String(), { description: 'Where its cause can be seen.' }),
  auto_remediation: shape('AutoRemediation', {
    available: Type.Boolean(),
    action_id: nullable(Type.String()),
    status: nullable(choice(['pending', 'approved', 'executing', 'completed', 'failed', 'rejected'])),
  }),
});

export type AlertView = Static<typeof alertShape>;

export const alertPage = pageOf('AlertPage', alertShape);

export const alertParams = Type.Object({
  alert_id: Type.String({ minLength: 1, maxLength: 200, description: 'Id of the alert.' }),
});

/** An alert as it travels. */
export function alertView(alert: Alert, serverId: string | undefined): AlertView {
  const { acknowledgement } = alert;
  return {
    alert_id: alert.id,
    server_id: serverId ?? null,
    entity_id: alert.entity ?? null,
    severity: alert.severity,
    type: alert.type,
    title: alert.title,
    message: alert.message,
    metric_value: finiteOrNull(alert.value),
    threshold_value: finiteOrNull(alert.threshold),
    status: alertStatus(alert),
    created_at: isoTime(alert.firingAtMs ?? alert.pendingAtMs),
    acknowledged_at: isoTimeOrNull(acknowledgement?.atMs),
    acknowledged_by: acknowledgement?.by.name ?? null,
    acknowledged_reason: acknowledgement?.reason || null,
    resolved_at: isoTimeOrNull(alert.resolvedAtMs),
    suppressed_by: alert.suppression?.by ?? null,
    suppression: alert.suppression ? suppressionView(alert.suppression) : null,
    rule: alert.rule,
    labels: { ...alert.labels },
    annotations: { ...alert.annotations },
    evidence: (alert.evidence ?? []).map(evidenceView),
    url: alert.url ?? null,
    auto_remediation: { available: false, action_id: null, status: null },
  };
}

function suppressionView({ kind, by, sinceMs }: Suppression): AlertView['suppression'] {
  return { kind, by, since: isoTime(sinceMs) };
}

function evidenceView({ name, atMs, text, values }: Evidence): AlertView['evidence'][number] {
  return {
    ...{ name, at: isoTime(atMs), text: text ?? null },
    values:
      values?.map(({ labels, value }) => ({ labels: { ...labels }, value: finiteOrNull(value) })) ?? null,
  };
}

function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
