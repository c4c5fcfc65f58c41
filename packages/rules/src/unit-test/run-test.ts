import { formatDuration, type InstantValue, type Sample } from '@labkeeper/core';
import { type Expression, evaluateInstantNow, parseExpression, parseSeriesNotation } from '@labkeeper/promql';
import { evaluateGroup } from '../evaluate/evaluate-group.js';
import type { RuleOutcome, RuleState } from '../evaluate/rule-state.js';
import { ruleVector } from '../evaluate/rule-vector.js';
import type { RuleGroup } from '../files/rule.js';
import { areSameAlerts, type ShownAlert, sortedAlerts } from './compare-alerts.js';
import { areSameSamples, type ShownSample, sortedSamples } from './compare-samples.js';
import { SampleTable } from './sample-table.js';
import { showAlerts, showSamples } from './show-labels.js';
import type { AlertCase, ExpectedSample, ExpressionCase, RuleTest, TestFile } from './test-file.js';

/** What became of one case of a test, or of an evaluation that failed. */
export interface CaseOutcome {
  readonly line: number;
  /** Absent: passed. */
  readonly failure?: string;
  /** Why it was not tried. */
  readonly skipped?: string;
}

export interface TestParts {
  readonly groups: readonly RuleGroup[];
  /** In ascending time. */
  readonly input: readonly Sample[];
  readonly file: TestFile;
}

/** Runs one test on storage of its own: evaluates all groups step by step, then asks what is asked for. */
export class TestRun {
  readonly #table = new SampleTable();
  readonly #states = new Map<RuleGroup, readonly RuleState[]>();
  readonly #outcomes: CaseOutcome[] = [];
  #fed = 0;

  constructor(
    private readonly test: RuleTest,
    private readonly parts: TestParts,
  ) {}

  async run(): Promise<readonly CaseOutcome[]> {
    const { startMs, alertCases, expressionCases } = this.test;
    const stepMs = this.parts.file.evaluationIntervalMs;
    const lastMs = Math.max(0, ...[...alertCases, ...expressionCases].map(({ evalTimeMs }) => evalTimeMs));
    for (let elapsedMs = 0; elapsedMs <= lastMs; elapsedMs += stepMs) {
      this.#feed(startMs + elapsedMs);
      const alerts = await this.#evaluateGroups(startMs + elapsedMs);
      // The rest would only be told what already failed.
      if (!alerts) return this.#outcomes;
      for (const each of alertCases)
        if (each.evalTimeMs >= elapsedMs && each.evalTimeMs < elapsedMs + stepMs)
          this.#checkAlerts(each, alerts);
    }
    for (const each of expressionCases) this.#outcomes.push(this.#checkExpression(each));
    return this.#outcomes;
  }

  /** Rules see nothing of what comes later. */
  #feed(untilMs: number): void {
    const { input } = this.parts;
    for (
      let sample = input[this.#fed];
      sample && (sample.timeMs ?? 0) <= untilMs;
      sample = input[++this.#fed]
    )
      this.#table.append(sample);
  }

  /** The firing alerts of all groups, or undefined when a rule failed. */
  async #evaluateGroups(nowMs: number): Promise<readonly ShownAlert[] | undefined> {
    const firing: ShownAlert[] = [];
    let hasFailed = false;
    for (const group of this.parts.groups) {
      const outcomes = await this.#evaluateGroup(group, nowMs);
      hasFailed = this.#reportFailures(group, outcomes, nowMs) || hasFailed;
      firing.push(...outcomes.flatMap(({ alerts }) => alerts).filter(({ state }) => state === 'firing'));
    }
    return hasFailed ? undefined : firing;
  }

  async #evaluateGroup(group: RuleGroup, nowMs: number): Promise<readonly RuleOutcome[]> {
    const { externalLabels, externalUrl } = this.test;
    const outcomes = await evaluateGroup(group, this.#states.get(group) ?? [], {
      ...{ nowMs, externalLabels, externalUrl },
      query: (expression, atMs) => this.#ask(parseExpression(expression), atMs),
      ask: async ({ expression }, atMs) => this.#ask(expression, atMs),
      write: async (samples) => {
        for (const sample of samples) this.#table.append(sample);
      },
    });
    this.#states.set(
      group,
      outcomes.map(({ state }) => state),
    );
    return outcomes;
  }

  #reportFailures({ rules }: RuleGroup, outcomes: readonly RuleOutcome[], nowMs: number): boolean {
    const { startMs, line } = this.test;
    const time = formatDuration(nowMs - startMs);
    const failures = outcomes.flatMap(({ failure }, index) =>
      failure === undefined ? [] : [`rule: ${rules[index]?.name}, time: ${time}, err: ${failure}`],
    );
    for (const failure of failures) this.#outcomes.push({ line, failure });
    return failures.length > 0;
  }

  #ask(expression: Expression, atMs: number): readonly InstantValue[] {
    const select = (selection: Parameters<SampleTable['select']>[0]) => this.#table.select(selection);
    const defaultStepMs = this.parts.file.evaluationIntervalMs;
    return ruleVector(evaluateInstantNow(expression, atMs, { select, defaultStepMs }).value);
  }

  #checkAlerts({ line, alertname, evalTimeMs, expected }: AlertCase, firing: readonly ShownAlert[]): void {
    const got = sortedAlerts(firing.filter(({ labels }) => labels.alertname === alertname));
    const wanted = sortedAlerts(
      expected.map(({ labels, annotations }) => ({ labels: { ...labels, alertname }, annotations })),
    );
    if (areSameAlerts(wanted, got)) this.#outcomes.push({ line });
    else {
      const failure = `alertname: ${alertname}, time: ${formatDuration(evalTimeMs)}\n    expected: ${showAlerts(wanted)}\n    got: ${showAlerts(got)}`;
      this.#outcomes.push({ line, failure });
    }
  }

  #checkExpression({ line, expression, evalTimeMs, expected }: ExpressionCase): CaseOutcome {
    if (expected.some(({ isHistogram }) => isHistogram))
      return { line, skipped: 'native histograms are not supported' };
    const about = `expr: ${JSON.stringify(expression)}, time: ${formatDuration(evalTimeMs)}`;
    try {
      const got = sortedSamples(this.#ask(parseExpression(expression), this.test.startMs + evalTimeMs));
      const wanted = sortedSamples(expected.map(wantedSample));
      if (areSameSamples(wanted, got, this.parts.file.isFuzzy)) return { line };
      return {
        line,
        failure: `${about}\n    expected: ${showSamples(wanted)}\n    got: ${showSamples(got)}`,
      };
    } catch (error) {
      return { line, failure: `${about}, err: ${error instanceof Error ? error.message : String(error)}` };
    }
  }
}

function wantedSample({ labels, value }: ExpectedSample): ShownSample {
  return { labels: labels.trim() === '' ? {} : parseSeriesNotation(labels).labels, value };
}
