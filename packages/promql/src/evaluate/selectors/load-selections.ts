import type { SeriesSamples } from '@labkeeper/core';
import type { RangeSpan } from '../../evaluate-options.js';
import { PromqlError } from '../../promql-error.js';
import type { Selection } from '../../source.js';
import type { SeriesIdentity } from '../blocks/series-identity.js';
import { endOf, type Grid } from '../program/grid.js';
import { tooManySamples } from '../run.js';
import { momentsOf, type SelectorPlan } from './selector-plan.js';

/** What a selector found. */
export interface LoadedSelection {
  readonly samples: readonly SeriesSamples[];
  /** One for each of the samples. */
  readonly identities: readonly SeriesIdentity[];
}

/** What every selector of a program needs; undefined for one that is evaluated at no step. */
export interface SelectionTable {
  readonly selections: readonly Selection[];
  /** For each selector, the number of its selection; undefined for one that is evaluated at no step. */
  readonly selectionOf: readonly (number | undefined)[];
}

/** What has to be read. Selectors that need the same share a selection. */
export function tabulateSelections(
  plans: readonly SelectorPlan[],
  grids: readonly Grid[],
  { span, lookbackMs }: { readonly span: RangeSpan; readonly lookbackMs: number },
): SelectionTable {
  const selections: Selection[] = [];
  const selectionOf: (number | undefined)[] = [];
  for (const plan of plans) {
    const grid = grids[plan.scope] as Grid;
    if (grid.steps === 0) selectionOf.push(undefined);
    else selectionOf.push(numberOf(selectionFor(plan, grid, span, lookbackMs), selections));
  }
  return { selections, selectionOf };
}

/** Compilers give selectors with equal matchers the same array of them. */
function numberOf(wanted: Selection, selections: Selection[]): number {
  const known = selections.findIndex(
    ({ matchers, fromMs, toMs }) =>
      matchers === wanted.matchers && fromMs === wanted.fromMs && toMs === wanted.toMs,
  );
  return known >= 0 ? known : selections.push(wanted) - 1;
}

/** Windows and the look-back are open at their start, selections are closed: hence the millisecond. */
function selectionFor(plan: SelectorPlan, grid: Grid, span: RangeSpan, lookbackMs: number): Selection {
  const { firstMs, stepMs } = momentsOf(plan.shift, grid, span);
  const fromMs = firstMs - (plan.rangeMs ?? lookbackMs) + 1;
  return { matchers: plan.matchers, fromMs, toMs: endOf({ fromMs: firstMs, stepMs, steps: grid.steps }) };
}

/** Hands what was read to the selectors. */
export function assignSamples(
  plans: readonly SelectorPlan[],
  { selectionOf }: SelectionTable,
  read: readonly (readonly SeriesSamples[])[],
): readonly LoadedSelection[] {
  return plans.map((plan, at) => {
    const number = selectionOf[at];
    const samples = number === undefined ? [] : (read[number] ?? []);
    return { samples, identities: plan.identify(samples) };
  });
}

/** How many samples were read. Throws PromqlError when there are too many, or too many series. */
export function countRead(
  read: readonly (readonly SeriesSamples[])[],
  { maxSeries, maxSamples }: { readonly maxSeries: number; readonly maxSamples: number },
): number {
  let series = 0;
  let samples = 0;
  for (const selection of read) {
    series += selection.length;
    for (const { values } of selection) samples += values.length;
  }
  if (series > maxSeries) throw tooManySeries(series, maxSeries);
  if (samples > maxSamples) throw tooManySamples(samples, maxSamples);
  return samples;
}

function tooManySeries(found: number, allowed: number): PromqlError {
  return new PromqlError(
    'execution',
    `the query selects ${found.toLocaleString('en')} series, ${allowed.toLocaleString('en')} are allowed. Narrow it by more labels.`,
  );
}
