import type { Aggregation } from '../../syntax/expression.js';
import type { Compiler } from '../program/program.js';
import { extremeOfGroups, sizesOfGroups, sumsOfGroups } from './aggregate-columns.js';
import { compileCountValues } from './aggregate-count-values.js';
import { type ComputeGroups, compileGrouped } from './aggregate-groups.js';
import { meansOfGroups, quantilesOfGroups, variancesOfGroups } from './aggregate-members.js';
import { compilePick } from './aggregate-picks.js';

/** Aggregations that give one series for each group. */
const GROUP_COMPUTATIONS: Readonly<Partial<Record<Aggregation['operator'], ComputeGroups>>> = {
  sum: sumsOfGroups,
  avg: meansOfGroups,
  min: extremeOfGroups((value, best) => value < best),
  max: extremeOfGroups((value, best) => value > best),
  count: sizesOfGroups((count) => count),
  group: sizesOfGroups(() => 1),
  stdvar: variancesOfGroups((variance) => variance),
  stddev: variancesOfGroups(Math.sqrt),
  quantile: quantilesOfGroups,
};

export function compileAggregation(aggregation: Aggregation, scope: number, compiler: Compiler): number {
  if (aggregation.operator === 'count_values') return compileCountValues(aggregation, scope, compiler);
  const compute = GROUP_COMPUTATIONS[aggregation.operator];
  if (compute) return compileGrouped(aggregation, compute, scope, compiler);
  return compilePick(aggregation, scope, compiler);
}
