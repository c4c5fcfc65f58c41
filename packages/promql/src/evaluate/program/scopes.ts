import type { RangeSpan } from '../../evaluate-options.js';
import type { Subquery } from '../../syntax/expression.js';
import { momentsOf } from '../selectors/selector-plan.js';
import { endOf, firstMultipleAfter, type Grid, gridBetween } from './grid.js';
import type { ScopePlan } from './program.js';

/** The steps of every scope. A parent stands before its children. */
export function gridsOf(
  scopes: readonly ScopePlan[],
  span: RangeSpan,
  defaultStepMs: number,
): readonly Grid[] {
  const grids: Grid[] = [];
  for (const scope of scopes) grids.push(gridOf(scope, grids, span, defaultStepMs));
  return grids;
}

function gridOf(scope: ScopePlan, grids: readonly Grid[], span: RangeSpan, defaultStepMs: number): Grid {
  if (scope.kind === 'query') return queryGrid(span);
  const parent = grids[scope.parent] as Grid;
  if (scope.kind === 'once') return { ...parent, steps: Math.min(1, parent.steps) };
  return subqueryGrid(scope.subquery, parent, span, defaultStepMs);
}

function queryGrid({ fromMs, toMs, stepMs }: RangeSpan): Grid {
  return stepMs === 0 ? { fromMs, stepMs, steps: 1 } : gridBetween(fromMs, toMs, stepMs);
}

/** The steps within all windows of a subquery: absolute multiples of its step, so that they do not depend on when the query runs. */
function subqueryGrid(subquery: Subquery, outer: Grid, span: RangeSpan, defaultStepMs: number): Grid {
  const stepMs = subquery.stepMs ?? defaultStepMs;
  if (outer.steps === 0) return { fromMs: outer.fromMs, stepMs, steps: 0 };
  const ends = momentsOf(subquery, outer, span);
  const lastMs = endOf({ fromMs: ends.firstMs, stepMs: ends.stepMs, steps: outer.steps });
  return gridBetween(firstMultipleAfter(ends.firstMs - subquery.rangeMs, stepMs), lastMs, stepMs);
}
