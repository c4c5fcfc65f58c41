import { type EntityId, type Labels, SEVERITIES, type Severity } from '@labkeeper/core';
import type { AlertSignal } from '../alert-signal.js';

/** What people write into the label `severity`, and what it is here. Anything else, and nothing at all, counts as medium. */
const SEVERITY_WORDS: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  page: 'critical',
  error: 'high',
  high: 'high',
  warning: 'medium',
  medium: 'medium',
  info: 'low',
  low: 'low',
  none: 'low',
};

/** An alert in the form of Prometheus: labels that identify it, annotations that explain it. */
export interface OutsideAlert {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly phase: AlertSignal['phase'];
  readonly sinceMs: number;
  readonly atMs?: number;
  readonly value?: number;
  readonly threshold?: number;
  readonly url?: string;
}

/** An alert in that form, with what it is about. */
export interface PlacedAlert extends OutsideAlert {
  readonly entity?: EntityId | undefined;
}

/**
 * The signal of a rule's or a pushed alert. By the conventions of Prometheus rules: `summary` is the title, `description` or `message` the
 * text; the labels `severity` and `type` say what they say. Pure.
 */
export function outsideSignal(alert: PlacedAlert): AlertSignal {
  const { labels, annotations, url, entity } = alert;
  const alertname = own(labels, 'alertname');
  const name = alertname ?? 'alert';
  const severity = severityOf(labels);
  return {
    ...{ labels, annotations, severity },
    ...presentOf(alert),
    isBlind: false,
    rank: SEVERITIES.length - SEVERITIES.indexOf(severity),
    rule: name,
    type: own(labels, 'type') ?? snakeCase(name),
    // Any label set may be pushed in: one without a name is known by its labels.
    title: own(annotations, 'summary') ?? alertname ?? (described(labels) || name),
    message: own(annotations, 'description') ?? own(annotations, 'message') ?? described(labels),
    ...(entity === undefined ? {} : { entity }),
    ...(url === undefined ? {} : { url }),
  };
}

/** The part of a signal that may be another one at every evaluation. Pure. */
export function presentOf({
  phase,
  sinceMs,
  atMs,
  value,
  threshold,
}: OutsideAlert): Pick<AlertSignal, 'phase' | 'sinceMs' | 'atMs' | 'value' | 'threshold'> {
  return {
    ...{ phase, sinceMs },
    ...(atMs === undefined ? {} : { atMs }),
    ...(value === undefined || !Number.isFinite(value) ? {} : { value }),
    ...(threshold === undefined ? {} : { threshold }),
  };
}

function severityOf(labels: Labels): Severity {
  const word = own(labels, 'severity')?.toLowerCase() ?? '';
  return (Object.hasOwn(SEVERITY_WORDS, word) ? SEVERITY_WORDS[word] : undefined) ?? 'medium';
}

/** `HTTPErrorsIn4Hours` → `http_errors_in4_hours`. */
function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])/g, '$1$3_$2$4')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();
}

function described(labels: Labels): string {
  const others = Object.entries(labels).filter(([name]) => name !== 'alertname' && name !== 'severity');
  return others.map(([name, value]) => `${name}=${value}`).join(' ');
}

/** A text that is not empty. `constructor` and its like are found on every object. */
function own(record: Labels, key: string): string | undefined {
  const value: unknown = Object.hasOwn(record, key) ? record[key] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
