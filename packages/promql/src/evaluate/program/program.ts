import type { AtModifier, Expression, Subquery, VectorSelector } from '../../syntax/expression.js';
import type { Operation } from '../run.js';
import type { SelectorPlan } from '../selectors/selector-plan.js';

/** Steps that parts of an expression share. The first scope is the query's; each other one is made from its parent's. */
export type ScopePlan =
  | { readonly kind: 'query' }
  /** A part that is the same at every step is evaluated at the first one only. */
  | { readonly kind: 'once'; readonly parent: number }
  | { readonly kind: 'subquery'; readonly parent: number; readonly subquery: Subquery };

/** An expression made ready to be evaluated: operations in an order in which operands come first. Kept for every further evaluation. */
export interface Program {
  readonly expression: Expression;
  readonly scopes: readonly ScopePlan[];
  readonly selectors: readonly SelectorPlan[];
  /** The value of operation `i` goes to slot `i`; the last one gives the result. */
  readonly operations: readonly Operation[];
}

/** What the compilers of the kinds of expressions work with. Slots are numbers of operations. */
export interface Compiler {
  /** Compiles a part and gives the slot of its value. */
  compile(expression: Expression, scope: number): number;
  add(operation: Operation): number;
  addScope(scope: ScopePlan): number;
  /** Plans what a selector reads and gives its number. Without a range: as far as the look-back reaches. */
  addSelector(selector: VectorSelector, scope: number, rangeMs?: number): number;
}

/** Where a selector or a subquery looks, beside the step. */
export interface TimeShift {
  readonly offsetMs: number;
  readonly at?: AtModifier;
}
