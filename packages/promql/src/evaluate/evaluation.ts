import type { SeriesSamples } from '@labkeeper/core';
import type { QueryLimits, RangeSpan } from '../evaluate-options.js';
import type { QueryResult } from '../result.js';
import type { Selection } from '../source.js';
import type { Value } from './blocks/values.js';
import type { Grid } from './program/grid.js';
import type { Program } from './program/program.js';
import { gridsOf } from './program/scopes.js';
import { instantResult, rangeResult } from './results.js';
import { type Operation, Run, tooManySamples } from './run.js';
import {
  assignSamples,
  countRead,
  type SelectionTable,
  tabulateSelections,
} from './selectors/load-selections.js';
import { isWork } from './turns.js';

/** What is asked of a program, with every default filled in. */
export interface Question extends Pick<QueryLimits, 'maxSeries' | 'maxSamples'> {
  /** The step is 0 for an instant query. */
  readonly span: RangeSpan;
  readonly lookbackMs: number;
  readonly defaultStepMs: number;
}

/** One evaluation, in two parts: first it says what it has to read, then it computes of what was read. */
export class Evaluation {
  readonly #grids: readonly Grid[];
  readonly #table: SelectionTable;

  constructor(
    readonly program: Program,
    readonly question: Question,
  ) {
    this.#grids = gridsOf(program.scopes, question.span, question.defaultStepMs);
    checkSteps(this.#grids, question.maxSamples);
    this.#table = tabulateSelections(program.selectors, this.#grids, question);
  }

  get selections(): readonly Selection[] {
    return this.#table.selections;
  }

  /** `read`: what was found for each of the selections. Gives way after every turn of work; may be run on at once. */
  *compute(read: readonly (readonly SeriesSamples[])[]): Generator<undefined, QueryResult, undefined> {
    const samplesRead = countRead(read, this.question);
    const loaded = assignSamples(this.program.selectors, this.#table, read);
    // Written out: spreading costs as much as the rest of a small rule.
    const { span, lookbackMs, maxSamples } = this.question;
    const grids = this.#grids;
    const run = new Run({ span, lookbackMs, maxSamples, grids, loaded, samplesRead });
    const { operations } = this.program;
    for (let slot = 0; slot < operations.length; slot++) {
      const outcome = (operations[slot] as Operation).evaluate(run);
      run.put(slot, isWork(outcome) ? yield* outcome : outcome);
    }
    const value = run.take(operations.length - 1);
    return {
      value: this.#resultOf(value),
      warnings: run.notes.warnings,
      infos: run.notes.infos,
      samplesRead,
    };
  }

  #resultOf(value: Value): QueryResult['value'] {
    const { span } = this.question;
    return span.stepMs > 0 ? rangeResult(value, this.#grids[0] as Grid) : instantResult(value, span.fromMs);
  }
}

/** Even a literal takes a column as long as its scope has steps, and a subquery may ask for any number of them. */
function checkSteps(grids: readonly Grid[], maxSamples: number): void {
  for (const { steps } of grids) if (steps > maxSamples) throw tooManySamples(steps, maxSamples);
}
