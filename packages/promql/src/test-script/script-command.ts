import type { RangeSpan } from '../evaluate-options.js';
import type { NotedSeries } from './series-notation.js';

/** A script that cannot be read. The line counts from one. */
export class TestScriptError extends Error {
  override readonly name = 'TestScriptError';

  constructor(
    readonly line: number,
    message: string,
  ) {
    super(`line ${line}: ${message}`);
  }
}

export type ScriptCommand = ClearCommand | LoadCommand | EvalCommand;

export interface ClearCommand {
  readonly kind: 'clear';
}

export interface LoadCommand {
  readonly kind: 'load';
  readonly line: number;
  readonly stepMs: number;
  /** `load_with_nhcb`: Prometheus makes native histograms of the classic ones too. */
  readonly makesHistograms: boolean;
  readonly series: readonly NotedSeries[];
}

/** What an `expect` line may be about. */
export type ExpectationKind = 'fail' | 'info' | 'no_info' | 'no_warn' | 'ordered' | 'warn';

export interface Expectation {
  readonly kind: ExpectationKind;
  /** What the text must be or match; absent: any will do. */
  readonly accepts?: { readonly shown: string; readonly test: (text: string) => boolean };
}

export interface EvalCommand {
  readonly kind: 'eval';
  readonly line: number;
  readonly expression: string;
  readonly at: { readonly timeMs: number } | { readonly span: RangeSpan };
  readonly expectations: readonly Expectation[];
  /** In the order of the script. */
  readonly series: readonly NotedSeries[];
  readonly scalar?: number;
  readonly text?: string;
  /** Times of the values in `series`, for an instant query that gives a range vector. */
  readonly rangeVector?: RangeSpan;
}
