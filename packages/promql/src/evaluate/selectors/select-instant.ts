import { isStalenessMark, type SeriesSamples } from '@labkeeper/core';
import type { VectorSelector } from '../../syntax/expression.js';
import { BlockBuilder } from '../blocks/block-builder.js';
import type { SeriesIdentity } from '../blocks/series-identity.js';
import type { Moments } from '../program/grid.js';
import type { Operation, Run } from '../run.js';
import { inTurns } from '../turns.js';
import type { LoadedSelection } from './load-selections.js';
import { momentsOf } from './selector-plan.js';

/** What an instant selector gives of a sample. `timestamp()` asks plain selectors for the time of their samples, in seconds. */
export type SampleAspect = 'value' | 'time';

/** An instant selector: at each step, the last sample of each series within the look-back, unless it says that the series has ended. */
export function instantSelector(
  selector: number,
  scope: number,
  plan: VectorSelector,
  aspect: SampleAspect = 'value',
): Operation {
  const operation: Operation = {
    scope,
    evaluate(run: Run) {
      const grid = run.gridOf(operation);
      const { samples, identities } = run.inputs.loaded[selector] as LoadedSelection;
      const builder = new BlockBuilder(run, identities, grid.steps);
      const moments = momentsOf(plan, grid, run.inputs.span);
      const lookBack = new LookBack(builder, moments, run.inputs.lookbackMs, aspect);
      const fillRow = (row: number) => {
        const found = lookBack.fillRow(samples[row] as SeriesSamples);
        builder.endRow(identities[row] as SeriesIdentity, found);
        return grid.steps + 1;
      };
      return inTurns(samples.length, fillRow, () => builder.build());
    },
  };
  return operation;
}

/** Walks the samples of one series after another once, from the first step to the last. */
class LookBack {
  constructor(
    readonly builder: BlockBuilder,
    readonly moments: Moments,
    readonly lookbackMs: number,
    readonly aspect: SampleAspect,
  ) {}

  /** Gives how many steps have a value. */
  fillRow(samples: SeriesSamples): number {
    const { steps, offset, flags, values } = this.builder;
    const { firstMs, stepMs } = this.moments;
    const { timesMs } = samples;
    // Samples end where the last step looks: a single step finds its sample at the end.
    let row = steps === 1 ? lastRowAt(timesMs, firstMs) : -1;
    let found = 0;
    for (let step = 0; step < steps; step++) {
      const momentMs = firstMs + step * stepMs;
      while (row + 1 < timesMs.length && (timesMs[row + 1] as number) <= momentMs) row++;
      const isFound = row >= 0 && this.#isCurrent(samples, row, momentMs);
      flags[step] = isFound ? 1 : 0;
      if (!isFound) continue;
      values[offset + step] =
        this.aspect === 'value' ? (samples.values[row] as number) : (timesMs[row] as number) / 1000;
      found++;
    }
    return found;
  }

  #isCurrent({ timesMs, values }: SeriesSamples, row: number, momentMs: number): boolean {
    if ((timesMs[row] as number) <= momentMs - this.lookbackMs) return false;
    return !isStalenessMark(values[row] as number);
  }
}

/** From the end, where it is nearly always found at once. */
function lastRowAt(timesMs: Float64Array, momentMs: number): number {
  let row = timesMs.length - 1;
  while (row >= 0 && (timesMs[row] as number) > momentMs) row--;
  return row;
}
