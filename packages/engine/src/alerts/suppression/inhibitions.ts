import type { Alert, Labels } from '@labkeeper/core';
import type { Inhibition } from '../../plan/plan.js';
import { labelsMatch } from '../telling/alert-matchers.js';

/** Alerts that may inhibit, by what the rule wants to be equal. */
type SourceIndex = ReadonlyMap<string, readonly Alert[]>;

/** The alerts that fire. `version` changes with them. */
export interface FiringAlerts {
  readonly version: number;
  firingAlerts(): Iterable<Alert>;
}

/** An alert that explains another one, and by which rule. */
export interface Inhibitor {
  readonly alert: Alert;
  readonly rule: string;
}

/**
 * Which firing alert keeps another one quiet. As in Alertmanager: a source that is itself silenced still inhibits, labels of `equal`
 * must agree (missing ones count as empty), and an alert that meets both sides of a rule is not inhibited by one that does too, so that
 * alerts cannot keep themselves or each other quiet.
 */
export class Inhibitions {
  #rules: readonly Inhibition[] = [];
  #sources: { readonly version: number; readonly byRule: readonly SourceIndex[] } | undefined;

  constructor(private readonly firing: FiringAlerts) {}

  usePlan(rules: readonly Inhibition[]): void {
    this.#rules = rules;
    this.#sources = undefined;
  }

  /** Whether an alert with these labels may keep others quiet, and so should be known before them. */
  mayInhibit(labels: () => Labels): boolean {
    return this.#rules.some(({ sourceMatchers }) => labelsMatch(sourceMatchers, labels()));
  }

  /** The alert that keeps this one quiet. Called for every alert that fires, every few seconds. */
  of(target: Alert): Inhibitor | undefined {
    for (const [index, rule] of this.#rules.entries()) {
      if (!labelsMatch(rule.targetMatchers, target.labels)) continue;
      const candidates = this.#sourcesOf(index).get(agreement(rule, target.labels)) ?? [];
      const isOnBothSides = labelsMatch(rule.sourceMatchers, target.labels);
      const alert = candidates.find(
        ({ id, labels }) => id !== target.id && !(isOnBothSides && labelsMatch(rule.targetMatchers, labels)),
      );
      if (alert) return { alert, rule: rule.name ?? 'an inhibition rule' };
    }
    return undefined;
  }

  /** Looked up once for each change of the alerts: a thousand targets must not walk over a thousand sources each. */
  #sourcesOf(rule: number): SourceIndex {
    const { version } = this.firing;
    if (this.#sources?.version !== version)
      this.#sources = {
        version,
        byRule: this.#rules.map((each) => indexed(each, this.firing.firingAlerts())),
      };
    return this.#sources.byRule[rule] as SourceIndex;
  }
}

function indexed(rule: Inhibition, alerts: Iterable<Alert>): SourceIndex {
  const index = new Map<string, Alert[]>();
  for (const alert of alerts) {
    if (!labelsMatch(rule.sourceMatchers, alert.labels)) continue;
    const key = agreement(rule, alert.labels);
    const others = index.get(key);
    if (others) others.push(alert);
    else index.set(key, [alert]);
  }
  return index;
}

/** What source and target must agree in, as one text. */
function agreement({ equal }: Inhibition, labels: Labels): string {
  return JSON.stringify(equal.map((name) => (Object.hasOwn(labels, name) ? labels[name] : '')));
}
