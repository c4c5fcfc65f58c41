import { PromqlError } from '../promql-error.js';
import { parseScript } from './parse-script.js';
import { runCase } from './run-case.js';
import type { EvalCommand } from './script-command.js';
import { ScriptSeries } from './script-series.js';

/** A case of a script that did not pass, and why. Lines count from one. */
export interface ScriptRemark {
  readonly line: number;
  readonly reason: string;
}

export interface TestScriptReport {
  readonly passed: number;
  readonly failed: readonly ScriptRemark[];
  /** Cases that need what this evaluator does not have; the reason names it. */
  readonly skipped: readonly ScriptRemark[];
}

/** What may be evaluated beyond the stable language. */
export interface TestScriptOptions {
  readonly experimentalFunctions?: boolean;
}

const HISTOGRAM_FUNCTION = /\b(histogram_(?:avg|count|sum|stddev|stdvar))\s*\(/;

/**
 * Runs a script in Prometheus' language for tests of PromQL engines over its own series in memory. Cases that touch native histograms are
 * skipped, everything else runs. Called by `labkeeper promql-test`, once per file. Rejects with TestScriptError for a script that cannot
 * be read. Source: prometheus/promql/promqltest/README.md.
 */
export async function runTestScript(
  text: string,
  options: TestScriptOptions = {},
): Promise<TestScriptReport> {
  const run = new ScriptRun(options.experimentalFunctions === true);
  for (const command of parseScript(text)) {
    if (command.kind === 'clear') run.series.clear();
    else if (command.kind === 'load') run.series.load(command);
    else await run.evaluate(command);
  }
  return { passed: run.passed, failed: run.failed, skipped: run.skipped };
}

class ScriptRun {
  readonly series = new ScriptSeries();
  readonly failed: ScriptRemark[] = [];
  readonly skipped: ScriptRemark[] = [];
  passed = 0;

  constructor(private readonly experimentalFunctions: boolean) {}

  async evaluate(command: EvalCommand): Promise<void> {
    const { line } = command;
    const before = unsupportedIn(command);
    if (before !== undefined) {
      this.skipped.push({ line, reason: before });
      return;
    }
    this.series.metHistogram = undefined;
    const { complaint, unsupported } = await this.run(command);
    const met = this.series.metHistogram;
    const skip = met === undefined ? unsupported : `native histograms: ${met} has some`;
    if (skip !== undefined) this.skipped.push({ line, reason: skip });
    else if (complaint !== undefined) this.failed.push({ line, reason: complaint });
    else this.passed += 1;
  }

  private async run(command: EvalCommand): Promise<{ complaint?: string; unsupported?: string }> {
    const { experimentalFunctions } = this;
    const evaluate = {
      select: async (selection: Parameters<ScriptSeries['select']>[0]) => this.series.select(selection),
    };
    try {
      const complaint = await runCase(command, { experimentalFunctions, evaluate });
      return complaint === undefined ? {} : { complaint };
    } catch (error) {
      if (error instanceof PromqlError) return { unsupported: error.message };
      throw error;
    }
  }
}

function unsupportedIn({ expression, series }: EvalCommand): string | undefined {
  const name = HISTOGRAM_FUNCTION.exec(expression)?.[1];
  if (name !== undefined) return `native histograms: ${name}() is about nothing else`;
  const expectsHistograms = series.some(({ values }) => values.includes('histogram'));
  return expectsHistograms ? 'native histograms: one is expected as the result' : undefined;
}
