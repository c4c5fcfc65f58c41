import { type InstantValue, type Labels, METRIC_NAME_LABEL, type Sample } from '@labkeeper/core';
import type { RecordingRule } from '../files/rule.js';
import { failed, type RuleOutcome, type RuleState } from './rule-state.js';
import { seriesOf, stalenessMarks } from './stale-series.js';

export interface RecordingTimes {
  /** Time of the samples, in milliseconds since the epoch: that of the evaluation less the query offset. */
  readonly sampleMs: number;
  /** Series that the rule may give; 0 is no limit. */
  readonly limit: number;
}

/** Turns the result of a recording rule into series. Pure. Called once per rule and evaluation. */
export function recordSeries(
  rule: RecordingRule,
  state: RuleState,
  vector: readonly InstantValue[],
  { sampleMs, limit }: RecordingTimes,
): RuleOutcome {
  const samples: Sample[] = vector.map(({ labels, value }) => ({
    name: rule.name,
    labels: recordedLabels(labels, rule.labels),
    timeMs: sampleMs,
    value,
  }));
  const written = seriesOf(samples);
  if (written.size < samples.length)
    return failed(state, 'vector contains metrics with the same labelset after applying rule labels');
  if (limit > 0 && samples.length > limit)
    return failed(state, `exceeded limit of ${limit} with ${samples.length} series`);
  samples.push(...stalenessMarks(state.written, written, sampleMs));
  return { state: { alerts: state.alerts, written }, samples, alerts: [] };
}

/** An empty label of the rule takes the label away. */
function recordedLabels(found: Labels, own: Labels): Labels {
  const labels: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...found, ...own }))
    if (name !== METRIC_NAME_LABEL && value !== '') labels[name] = value;
  return labels;
}
