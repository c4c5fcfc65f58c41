import { type EntityId, fingerprint, type Labels, labelsKey } from '@labkeeper/core';
import type { Redactor } from '@labkeeper/core/runtime';
import type { AlertSignal, SourcedSignal } from '../alert-signal.js';
import { type OutsideAlert, outsideSignal, presentOf } from './outside-signal.js';
import { ruleGroupOf, ruleGroupPrefix, ruleSource } from './source-keys.js';

/** An alert of a rule after an evaluation. `keep_firing_for` and `for` have been applied: the phase is what counts. */
export interface RuleAlert extends Omit<OutsideAlert, 'atMs'> {}

/** The way in for whoever evaluates rules. */
export interface RuleSignals {
  /**
   * The alerts of a group that are pending or firing after an evaluation; what is missing is over. Called after every evaluation that has
   * succeeded; of one that failed nobody knows anything, so nothing changes. `atMs` is the time that was evaluated: alerts of a time more than five
   * minutes ago open nothing. Labels hold `alertname`. Resolves when it is written, or cannot be written now (then it is tried again); never rejects.
   */
  replace(group: string, alerts: readonly RuleAlert[], atMs: number): Promise<void>;
  /**
   * The groups that there are from now on. Alerts of all others end with that reason; those of the store too. Alerts of a group that is
   * there and has not been evaluated since the start stay as they are. Called with every new set of rules.
   */
  keepOnly(groups: Iterable<string>, reason?: string): Promise<void>;
}

interface RuleSignalsParts {
  readonly redactor: Redactor;
  /** What an alert with these labels is about. */
  readonly entityOf: (labels: Labels) => EntityId | undefined;
  /** Sources that begin so and whose alert is open in the store. */
  readonly openSources: (prefix: string) => readonly string[];
  /** A source may say something new. */
  readonly offer: (sources: Iterable<string>) => Promise<void>;
}

interface Known {
  readonly source: string;
  readonly given: RuleAlert;
  readonly signal: AlertSignal;
}

const REMOVED = 'the rule was removed from the configuration';

/** What the rules say: per group, the alerts of its last evaluation. */
export class RuleSignalBook implements RuleSignals {
  /** By group and label set. A group that is not in here has not been evaluated. */
  readonly #groups = new Map<string, ReadonlyMap<string, Known>>();
  readonly #bySource = new Map<string, AlertSignal>();
  /** Why the alerts of groups that are gone end. */
  readonly #removed = new Map<string, string>();

  constructor(private readonly parts: RuleSignalsParts) {}

  replace(group: string, alerts: readonly RuleAlert[], atMs: number): Promise<void> {
    const before = this.#groups.get(group);
    const after = new Map<string, Known>();
    for (const alert of alerts) {
      const key = labelsKey(alert.labels);
      after.set(key, this.#known(group, alert, { before: before?.get(key), atMs }));
    }
    this.#groups.set(group, after);
    this.#removed.delete(group);
    return this.#taken(before ? sourcesOf(before) : this.parts.openSources(ruleGroupPrefix(group)), after);
  }

  async keepOnly(groups: Iterable<string>, reason = REMOVED): Promise<void> {
    const wanted = new Set(groups);
    for (const group of wanted) this.#removed.delete(group);
    const sources: string[] = [];
    for (const source of new Set([...this.#bySource.keys(), ...this.parts.openSources('rule/')])) {
      const group = ruleGroupOf(source);
      if (group === undefined || wanted.has(group)) continue;
      this.#removed.set(group, reason);
      this.#bySource.delete(source);
      sources.push(source);
    }
    for (const group of this.#groups.keys()) if (!wanted.has(group)) this.#groups.delete(group);
    await this.parts.offer(sources);
  }

  /** What a source says now. */
  signal(source: string): AlertSignal | undefined {
    return this.#bySource.get(source);
  }

  /** Whether anything is known of a source since the start: its group has been evaluated, or is gone. */
  hasSpoken(source: string): boolean {
    const group = ruleGroupOf(source);
    return group !== undefined && (this.#groups.has(group) || this.#removed.has(group));
  }

  /** Why an alert of this source is over. */
  reasonOfEnd(source: string): string {
    return this.#removed.get(ruleGroupOf(source) ?? '') ?? 'the condition of the rule is no longer true';
  }

  *all(): Generator<SourcedSignal> {
    for (const [source, signal] of this.#bySource) yield { ...signal, source };
  }

  #taken(before: Iterable<string>, after: ReadonlyMap<string, Known>): Promise<void> {
    const gone = new Set(before);
    for (const { source, signal } of after.values()) {
      this.#bySource.set(source, signal);
      gone.delete(source);
    }
    for (const source of gone) this.#bySource.delete(source);
    return this.parts.offer([...gone, ...sourcesOf(after)]);
  }

  /** Most alerts are the same as at the last evaluation; hashing and redacting them again would be most of the work. */
  #known(
    group: string,
    given: RuleAlert,
    { before, atMs }: { readonly before: Known | undefined; readonly atMs: number },
  ): Known {
    if (before && isSameText(before.given, given))
      return { ...before, given, signal: { ...before.signal, ...presentOf({ ...given, atMs }) } };
    const source =
      before?.source ?? ruleSource(group, given.labels.alertname ?? '', fingerprint(given.labels));
    const annotations = this.parts.redactor.redactValue(given.annotations) as Labels;
    const entity = this.parts.entityOf(given.labels);
    return { source, given, signal: outsideSignal({ ...given, annotations, atMs, entity }) };
  }
}

function sourcesOf(known: ReadonlyMap<string, Known>): readonly string[] {
  return [...known.values()].map(({ source }) => source);
}

function isSameText(a: RuleAlert, b: RuleAlert): boolean {
  return (
    a.url === b.url &&
    (a.annotations === b.annotations || labelsKey(a.annotations) === labelsKey(b.annotations))
  );
}
