import { SEVERITIES, type Static, Type, VERDICT_STATUSES } from '@labkeeper/core';
import type { CheckStatus } from '@labkeeper/engine';
import {
  choice,
  isoTime,
  isoTimeOrNull,
  mapOf,
  nullable,
  pageOf,
  scalar,
  shape,
  time,
} from '../schemas/shape.js';

export const checkShape = shape('Check', {
  check_id: Type.String(),
  name: Type.String(),
  display_name: Type.String(),
  kind: Type.String({ description: 'What it does: the key in the configuration file, such as `http`.' }),
  plugin: Type.String(),
  entity_id: Type.String(),
  status: choice(VERDICT_STATUSES, { description: 'Confirmed: a single slip does not change it.' }),
  state: choice(['active', 'paused']),
  message: Type.String({ description: 'What the last run found.' }),
  latency_ms: nullable(Type.Number()),
  since: time('Since when the status is what it is.'),
  last_run_at: nullable(time()),
  next_run_at: nullable(time()),
  interval_seconds: nullable(Type.Number(), {
    description: 'Null for a check that runs at set times (cron).',
  }),
  failures_in_a_row: Type.Integer(),
  flapping: Type.Boolean(),
  severity: choice(SEVERITIES, { description: 'Of the alert when it is down.' }),
  depends_on: Type.Array(Type.String()),
  suppressed_by: nullable(Type.String(), { description: 'The entity whose failure explains this one.' }),
  beats: Type.String({
    description: 'The last 40 results, oldest first: u up, g degraded, d down, n unknown.',
    examples: ['uuuuduuu'],
  }),
  details: mapOf(scalar, { description: 'Facts from the last run.' }),
});

export type CheckView = Static<typeof checkShape>;

export const checkPage = pageOf('CheckPage', checkShape);

export const checkParams = Type.Object({
  check_id: Type.String({ minLength: 1, maxLength: 200, description: 'Id of the check.' }),
});

/** A check as it travels. */
export function checkView(check: CheckStatus): CheckView {
  return {
    check_id: check.id,
    name: check.name,
    display_name: check.displayName,
    kind: check.contribution,
    plugin: check.plugin,
    entity_id: check.entity,
    status: check.status,
    state: check.paused ? 'paused' : 'active',
    message: check.message,
    latency_ms: check.latencyMs === undefined ? null : Math.round(check.latencyMs * 100) / 100,
    since: isoTime(check.sinceMs),
    last_run_at: isoTimeOrNull(check.lastRunMs),
    next_run_at: isoTimeOrNull(check.nextRunMs),
    interval_seconds: check.everyMs === undefined ? null : check.everyMs / 1_000,
    failures_in_a_row: check.failuresInARow,
    flapping: check.flapping,
    severity: check.severity,
    depends_on: [...check.dependsOn],
    suppressed_by: check.suppressedBy ?? null,
    beats: check.beats,
    details: { ...check.details },
  };
}
