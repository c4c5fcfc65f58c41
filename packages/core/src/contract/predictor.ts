import type { Matcher } from '../model/matcher.js';
import type { Prediction } from '../model/prediction.js';
import type { RunContext } from './context.js';
import type { Contribution, Schedule } from './lifecycle.js';
import type { OptionsOf, TSchema } from './options.js';
import type { SeriesSamples } from './query.js';

/** Says what will happen. Needs at least one of its two functions. */
export interface Predictor<Schema extends TSchema = TSchema, State = unknown>
  extends Contribution<Schema, State> {
  readonly schedule: Schedule;
  /** Looks at history through `context.query`. An empty list means: nothing foreseen. */
  predict?(context: RunContext<OptionsOf<Schema>, State>): Promise<readonly Prediction[]>;
  /** Which series {@link Predictor.observe} wants. */
  readonly observes?: readonly Matcher[];
  /** For each fresh stretch of a series: how unusual its end is, 0 (as ever) to 1. Called on the hot path: no I/O. */
  observe?(samples: SeriesSamples, state: State): number;
}
