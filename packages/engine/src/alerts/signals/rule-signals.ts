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
   * Of the rules named in `uninformed` nothing was measured since the start: what they do not say is not known, so what was open stays.
   */
  replace(
    group: string,
    alerts: readonly RuleAlert[],
    atMs: number,
    uninformed?: ReadonlySet<string>,
  ): Promise<void>;
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

const NOBODY: ReadonlySet<string> = new Set();
const REMOVED = 'the rule was removed from the configuration';

/** What the rules say: per group, the alerts of its last evaluation. */
export class RuleSignalBook implements RuleSignals {
  /** By group and label set. A group that is not in here has not been evaluated. */
  readonly #groups = new Map<string, ReadonlyMap<string, Known>>();
  readonly #bySource = new Map<string, AlertSignal>();
  /** By group: open alerts of rules of which nothing was measured since the start. */
  readonly #held = new Map<string, ReadonlySet<string>>();
  /** Why the alerts of groups that are gone end. */
  readonly #removed = new Map<string, string>();

  constructor(private readonly parts: RuleSignalsParts) {}

  replace(
    group: string,
    alerts: readonly RuleAlert[],
    atMs: number,
    uninformed: ReadonlySet<string> = NOBODY,
  ): Promise<void> {
    const before = this.#groups.get(group);
    const after = new Map<string, Known>();
    for (const alert of alerts) {
      const key = labelsKey(alert.labels);
      const known = this.#known(group, alert, { before: before?.get(key), atMs });
      after.set(key, worse(after.get(key), known));
    }
    this.#groups.set(group, after);
    this.#removed.delete(group);
    const open = before
      ? [...sourcesOf(before), ...(this.#held.get(group) ?? [])]
      : this.parts.openSources(ruleGroupPrefix(group));
    const held = before || uninformed.size > 0 ? this.#heldOf(group, open, { before, uninformed }) : NOBODY;
    this.#held.set(group, held);
    return this.#taken(
      open.filter((source) => !held.has(source)),
      after,
    );
  }

  /** What was open at the start, and nobody can say yet whether it goes on. */
  #heldOf(
    group: string,
    open: readonly string[],
    {
      before,
      uninformed,
    }: { readonly before: ReadonlyMap<string, Known> | undefined; readonly uninformed: ReadonlySet<string> },
  ): ReadonlySet<string> {
    const said = new Set(before ? sourcesOf(before) : []);
    const prefixes = [...uninformed].map((rule) => ruleSource(group, rule, ''));
    return new Set(
      open.filter((source) => !said.has(source) && prefixes.some((prefix) => source.startsWith(prefix))),
    );
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
    for (const group of this.#held.keys()) if (!wanted.has(group)) this.#held.delete(group);
    await this.parts.offer(sources);
  }

  /** What a source says now. */
  signal(source: string): AlertSignal | undefined {
    return this.#bySource.get(source);
  }

  /** Whether anything is known of a source since the start: its group has been evaluated, or is gone. */
  hasSpoken(source: string): boolean {
    const group = ruleGroupOf(source);
    if (group === undefined || this.#held.get(group)?.has(source)) return false;
    return this.#groups.has(group) || this.#removed.has(group);
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

/** Two rules of a group may give one alert, as Prometheus allows. What fires counts, and then what has done so for longer. */
function worse(one: Known | undefined, other: Known): Known {
  if (!one) return other;
  const rank = ({ signal: { phase, sinceMs } }: Known) =>
    (phase === 'firing' ? 0 : Number.MAX_SAFE_INTEGER) + sinceMs;
  return rank(other) < rank(one) ? other : one;
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
