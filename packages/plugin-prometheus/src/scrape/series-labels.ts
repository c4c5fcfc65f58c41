import {
  DropFailure,
  isLabelName,
  isMetricName,
  type Labels,
  METRIC_NAME_LABEL,
  type Series,
} from '@labkeeper/core';
import { exceededLabelLimit, type LabelLimits } from '@labkeeper/exposition';
import type { LabelMap, Relabel } from '../relabel/relabel-rules.js';

/** What decides about the labels of scraped series. */
export interface LabelRules {
  /** Labels of the target. */
  readonly target: Labels;
  /** Whether exposed labels win over those of the target. */
  readonly honorLabels: boolean;
  readonly relabel: Relabel;
  readonly limits: LabelLimits;
}

const MOVED_PREFIX = 'exported_';

/**
 * What an exposed series is called here, or undefined when a rule drops it. Throws a DropFailure when it has no name left
 * or passes a limit, which makes the whole scrape fail, as in Prometheus. Called once per new series.
 */
export function storedSeries(exposed: Series, rules: LabelRules): Series | undefined {
  const labels = withTarget(exposed, rules);
  if (!rules.relabel(labels)) return undefined;
  const exceeded = exceededLabelLimit(Object.fromEntries(labels), rules.limits);
  if (exceeded !== undefined)
    throw new DropFailure('RESPONSE_TOO_LARGE', `${exceeded} (series ${exposed.name})`);
  const name = labels.get(METRIC_NAME_LABEL) ?? '';
  if (name === '')
    throw new DropFailure('RESPONSE_MALFORMED', `the rules leave ${exposed.name} without a name`);
  return { name: isMetricName(name) ? name : inAlphabet(name, /[^a-zA-Z0-9_:]/gu), labels: storable(labels) };
}

function withTarget({ name, labels }: Series, { target, honorLabels }: LabelRules): LabelMap {
  const merged: LabelMap = new Map([[METRIC_NAME_LABEL, name], ...Object.entries(labels)]);
  for (const [label, value] of Object.entries(target)) {
    const exposed = merged.get(label);
    // An exposed label that is empty says, with honor_labels, that there is none.
    if (honorLabels && exposed !== undefined) continue;
    merged.set(label, value);
    if (exposed) merged.set(freeName(merged, label), exposed);
  }
  for (const [label, value] of merged) if (value === '') merged.delete(label);
  return merged;
}

function freeName(labels: LabelMap, taken: string): string {
  let name = MOVED_PREFIX + taken;
  while (labels.has(name)) name = MOVED_PREFIX + name;
  return name;
}

/** Without the labels that were only for rules, and with names that every store takes. */
function storable(labels: LabelMap): Labels {
  const kept: [string, string][] = [];
  for (const [label, value] of labels) {
    if (label.startsWith('__')) continue;
    kept.push([isLabelName(label) ? label : escapedLabel(label), value]);
  }
  return Object.freeze(Object.fromEntries(kept));
}

function escapedLabel(label: string): string {
  const escaped = inAlphabet(label, /[^a-zA-Z0-9_]/gu);
  // Two underscores in front are reserved.
  return isLabelName(escaped) ? escaped : `escaped${escaped}`;
}

/** The escaping `underscores` of Prometheus: the same name that the exporter would give when asked for it. */
function inAlphabet(name: string, foreign: RegExp): string {
  return name.replace(foreign, '_').replace(/^[0-9]/, '_');
}
