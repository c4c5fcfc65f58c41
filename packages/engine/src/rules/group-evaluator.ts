import type { Clock, InstantValue, Matcher, Sample } from '@labkeeper/core';
import { evaluateInstantNow, type SelectSamplesNow } from '@labkeeper/promql';
import {
  type AlertInstance,
  dependencies,
  evaluateAlertingRule,
  evaluateAlertingRuleNow,
  failed,
  type LastForState,
  type RuleGroup,
  type RuleOutcome,
  recordSeries,
  restoreForState,
  ruleVector,
} from '@labkeeper/rules';
import type { RuleAlert, RuleSignals } from '../alerts/signals/rule-signals.js';
import type { QueryService } from '../query/query-service.js';
import { emptinessTest } from './empty-result.js';
import type { LiveSelector } from './recent/live-selector.js';
import type { RecentSamples } from './recent/recent-samples.js';
import { RuleRun } from './rule-run.js';
import { thresholdOf } from './threshold-of.js';

/** Work without a pause for others. */
const LONGEST_STRETCH_MS = 10;

/** What was not measured again by then has gone, or is silent: as long as an instant selector looks back. */
const LONGEST_WAIT_FOR_DATA_MS = 300_000;

const NOBODY: ReadonlySet<string> = new Set();
const NOTHING: readonly InstantValue[] = [];

/** What an evaluation reaches. */
export interface EvaluatorParts {
  readonly clock: Clock;
  readonly recent: RecentSamples;
  readonly query: QueryService;
  readonly signals: RuleSignals;
  /** Takes in what rules write. */
  readonly write: (samples: readonly Sample[], atMs: number) => void;
  /** Resolves when everything taken in so far is in the store, or cannot be written now. Never rejects. */
  readonly settleSamples: () => Promise<void>;
  readonly externalUrl: string;
  /** What `ALERTS_FOR_STATE` said before the start. */
  readonly lastForState: LastForState;
}

/** Evaluates the rules of one group: all of them on the group's interval, those that are touched by a new sample at once. */
export class GroupEvaluator {
  readonly runs: readonly RuleRun[];
  readonly #needs: readonly ReadonlySet<number>[];
  readonly #readers = new Map<string, RuleRun[]>();
  #isEvaluating = false;
  /** Touched while an evaluation was going on. */
  readonly #late: LiveSelector[] = [];
  /** On the interval, at least once since the start: before that nobody knows what all its alerts are. */
  #hasSpoken = false;
  #bornMs: number;
  #wasQuiet = false;
  /** An alert has come, gone, or changed its state, and is not told yet. */
  #hasNews = false;
  #samplesSettled: Promise<void> = Promise.resolve();
  evaluations = 0;
  durationMs = 0;
  evaluatedAtMs: number | undefined;

  /** `key` is unique among all groups and stays over restarts. */
  constructor(
    readonly key: string,
    readonly group: RuleGroup,
    private readonly parts: EvaluatorParts,
  ) {
    this.#bornMs = parts.clock.now();
    this.runs = group.rules.map((rule) => new RuleRun(rule, group));
    this.#needs = dependencies(group);
  }

  /** Goes on with the states of the same rules of the plan before. */
  takeOver(before: GroupEvaluator): void {
    // Two rules may have one name: the first goes on as the first, the second as the second.
    const left = [...before.runs];
    for (const run of this.runs) {
      const at = left.findIndex(({ key }) => key === run.key);
      const [known] = at < 0 ? [] : left.splice(at, 1);
      if (known) run.takeOver(known);
    }
    this.#bornMs = before.#bornMs;
    this.#hasSpoken = before.#hasSpoken;
  }

  /** Evaluates everything as of `atMs`, writes what it gives and hands on the alerts. Never rejects: a rule that fails says so. */
  async evaluate(atMs: number): Promise<void> {
    const { clock } = this.parts;
    const startMs = clock.monotonicMs();
    this.#isEvaluating = true;
    try {
      await this.#evaluateAll(atMs);
    } finally {
      this.#isEvaluating = false;
    }
    const isFirst = !this.#hasSpoken;
    this.#hasSpoken = true;
    this.evaluations += 1;
    this.evaluatedAtMs = atMs;
    this.durationMs = clock.monotonicMs() - startMs;
    if (isFirst) this.#restore(atMs);
    await this.#tell(atMs);
    this.evaluateTouched(this.#late.splice(0), atMs);
  }

  /**
   * Evaluates the alerting rules that read one of these selectors, because something new is there. What they say is handed on; nobody
   * waits here until it is written. Never throws.
   */
  evaluateTouched(touched: readonly LiveSelector[], atMs: number): void {
    if (this.#isEvaluating) {
      // Some of them may have been evaluated before the sample came.
      this.#late.push(...touched);
      return;
    }
    if (!this.#hasSpoken) return;
    const runs = new Set(touched.flatMap(({ key }) => this.#readers.get(key) ?? []));
    let hasChanged = false;
    for (const run of runs) {
      const outcome = this.#outcomeNow(run, atMs);
      const { isNews } = this.#keep(run, outcome, atMs);
      if (!isNews) continue;
      hasChanged = true;
      this.parts.write(outcome.samples, atMs);
    }
    if (hasChanged) void this.#tell(atMs);
  }

  /** Which rules read which selector, for {@link evaluateTouched}. Called when the selectors have changed. */
  connect(selectorOf: (matchers: readonly Matcher[]) => LiveSelector | undefined): void {
    this.#readers.clear();
    for (const run of this.runs) {
      if (run.reads.from !== 'memory') continue;
      run.isSurelyEmpty = emptinessTest(run.rule.expression, selectorOf);
      run.selectors = run.reads.watched.flatMap(({ matchers }) => selectorOf(matchers) ?? []);
      if (run.rule.kind !== 'alerting') continue;
      for (const { matchers } of run.reads.watched) {
        const key = selectorOf(matchers)?.key ?? '';
        this.#readers.set(key, [...(this.#readers.get(key) ?? []), run]);
      }
    }
  }

  readonly #select: SelectSamplesNow = ({ matchers, fromMs, toMs }) =>
    this.parts.recent.selected(matchers, fromMs, toMs);

  async #evaluateAll(atMs: number): Promise<void> {
    const asking = new Map<number, Promise<void>>();
    let stretchMs = this.parts.clock.monotonicMs();
    for (const [index, run] of this.runs.entries()) {
      const before = [...asking].filter(([earlier]) => this.#isOrdered(earlier, index));
      if (before.length > 0) await Promise.all(before.map(([, done]) => done));
      if (run.reads.from === 'store') asking.set(index, this.#evaluateLater(run, atMs));
      else this.#write(this.#keep(run, this.#outcomeNow(run, atMs), atMs).outcome, atMs);
      if (this.parts.clock.monotonicMs() - stretchMs < LONGEST_STRETCH_MS) continue;
      await new Promise((resolve) => setImmediate(resolve));
      stretchMs = this.parts.clock.monotonicMs();
    }
    await Promise.all(asking.values());
  }

  #isOrdered(earlier: number, later: number): boolean {
    return this.#needs[later]?.has(earlier) === true || this.#needs[earlier]?.has(later) === true;
  }

  #outcomeNow(run: RuleRun, atMs: number): RuleOutcome {
    const sampleMs = this.#sampleMs(atMs);
    const { rule, state } = run;
    try {
      const vector = run.isSurelyEmpty?.(sampleMs)
        ? NOTHING
        : ruleVector(evaluateInstantNow(rule.expression, sampleMs, { select: this.#select }).value);
      if (rule.kind === 'recording')
        return recordSeries(rule, state, vector, { sampleMs, limit: this.group.limit });
      return evaluateAlertingRuleNow(rule, state, vector, { ...this.#surroundings(atMs), sampleMs });
    } catch (error) {
      return failed(state, messageOf(error));
    }
  }

  async #evaluateLater(run: RuleRun, atMs: number): Promise<void> {
    const startMs = this.parts.clock.monotonicMs();
    const outcome = await this.#outcomeLater(run, atMs);
    this.#write(this.#keep(run, outcome, atMs, startMs).outcome, atMs);
  }

  async #outcomeLater({ rule, state }: RuleRun, atMs: number): Promise<RuleOutcome> {
    const { query } = this.parts;
    const sampleMs = this.#sampleMs(atMs);
    const ask = (text: string, timeMs: number): Promise<readonly InstantValue[]> =>
      query.instant(text, timeMs);
    try {
      const { value } = await query.evaluateParsed(rule.expression, sampleMs);
      const vector = ruleVector(value);
      if (rule.kind === 'recording')
        return recordSeries(rule, state, vector, { sampleMs, limit: this.group.limit });
      return await evaluateAlertingRule(rule, state, vector, {
        ...this.#surroundings(atMs),
        sampleMs,
        query: ask,
      });
    } catch (error) {
      return failed(state, messageOf(error));
    }
  }

  #surroundings(nowMs: number) {
    return { nowMs, limit: this.group.limit, externalUrl: this.parts.externalUrl };
  }

  #sampleMs(atMs: number): number {
    return atMs - (this.group.queryOffsetMs ?? 0);
  }

  #keep(run: RuleRun, outcome: RuleOutcome, atMs: number, startMs = this.parts.clock.monotonicMs()) {
    const isNews = run.keep(outcome, atMs, this.parts.clock.monotonicMs() - startMs);
    this.#hasNews ||= isNews;
    return { outcome, isNews };
  }

  #write({ samples }: RuleOutcome, atMs: number): void {
    if (samples.length > 0) this.parts.write(samples, atMs);
  }

  /** Takes up the waiting times of before the start, once everything has been evaluated. */
  #restore(nowMs: number): void {
    const { lastForState } = this.parts;
    for (const run of this.runs)
      if (run.rule.kind === 'alerting')
        run.state = restoreForState(run.rule, run.state, lastForState, { nowMs });
  }

  async #tell(atMs: number): Promise<void> {
    // The samples first: after a crash that took them, an alert that they raised would look as if it were over.
    if (this.#hasNews) this.#samplesSettled = this.parts.settleSamples();
    this.#hasNews = false;
    await this.#samplesSettled;
    const alerts = this.runs.flatMap((run) => run.alerts.flatMap((alert) => ruleAlert(run, alert) ?? []));
    const isQuiet = alerts.length === 0;
    // Most groups are quiet most of the time; that they still are is no news.
    const uninformed = this.#uninformed(atMs);
    if (isQuiet && this.#wasQuiet) return;
    this.#wasQuiet = isQuiet && uninformed.size === 0;
    await this.parts.signals.replace(this.key, alerts, atMs, uninformed);
  }

  /**
   * Alerts of which nothing was measured since the start: after a pause that was longer than the look-back every condition looks as if it
   * had ended.
   */
  #uninformed(atMs: number): ReadonlySet<string> {
    if (atMs - this.#bornMs >= LONGEST_WAIT_FOR_DATA_MS) return NOBODY;
    const silent = this.runs.filter(({ rule, reads, selectors }) => {
      if (rule.kind !== 'alerting') return false;
      return reads.from === 'store' || selectors.some(({ isFresh }) => !isFresh);
    });
    return new Set(silent.map(({ rule }) => rule.name));
  }
}

function ruleAlert({ rule }: RuleRun, alert: AlertInstance): RuleAlert | undefined {
  const { labels, annotations, state, activeAtMs, value } = alert;
  if (state === 'inactive') return undefined;
  const threshold = thresholdOf(rule.expression);
  return {
    ...{ labels, annotations, phase: state, sinceMs: activeAtMs, value },
    ...(threshold === undefined ? {} : { threshold }),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
