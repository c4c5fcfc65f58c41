import type { Expression, VectorSelector } from '../../syntax/expression.js';
import { compileAggregation } from '../aggregations/compile-aggregation.js';
import { compileBinary, compileUnary } from '../binary/compile-binary.js';
import { repeatAtSteps } from '../blocks/repeat-at-steps.js';
import type { ScalarColumn, TextValue } from '../blocks/values.js';
import { compileCall } from '../calls/compile-call.js';
import type { Operation } from '../run.js';
import { instantSelector } from '../selectors/select-instant.js';
import { rangeSelector, subqueryRange } from '../selectors/select-range.js';
import { SelectorPlan } from '../selectors/selector-plan.js';
import { findInvariants, isWorthHolding } from './invariance.js';
import type { Compiler, Program, ScopePlan } from './program.js';

const programs = new WeakMap<Expression, Program>();

/** Makes an expression ready to be evaluated. Once for each object: rules give the same one every time. */
export function programOf(expression: Expression): Program {
  let program = programs.get(expression);
  if (!program) programs.set(expression, (program = new ProgramCompiler(expression).program()));
  return program;
}

class ProgramCompiler implements Compiler {
  readonly #operations: Operation[] = [];
  readonly #scopes: ScopePlan[] = [{ kind: 'query' }];
  readonly #selectors: SelectorPlan[] = [];
  /** Equal matchers as one array, by which selections are compared. */
  readonly #matchers = new Map<string, VectorSelector['matchers']>();
  readonly #invariants: ReadonlySet<Expression>;

  constructor(readonly expression: Expression) {
    this.#invariants = findInvariants(expression);
  }

  program(): Program {
    this.compile(this.expression, 0);
    return {
      expression: this.expression,
      scopes: this.#scopes,
      selectors: this.#selectors,
      operations: this.#operations,
    };
  }

  compile(expression: Expression, scope: number): number {
    const mayHold = this.#scopes[scope]?.kind !== 'once' && isWorthHolding(expression);
    if (!mayHold || !this.#invariants.has(expression)) return this.#compilePart(expression, scope);
    const once = this.addScope({ kind: 'once', parent: scope });
    return this.add(repeatAtSteps(this.#compilePart(expression, once), scope));
  }

  add(operation: Operation): number {
    return this.#operations.push(operation) - 1;
  }

  addScope(scope: ScopePlan): number {
    return this.#scopes.push(scope) - 1;
  }

  addSelector(selector: VectorSelector, scope: number, rangeMs?: number): number {
    const key = JSON.stringify(selector.matchers);
    const matchers = this.#matchers.get(key) ?? selector.matchers;
    this.#matchers.set(key, matchers);
    return this.#selectors.push(new SelectorPlan(matchers, scope, selector, rangeMs)) - 1;
  }

  #compilePart(part: Expression, scope: number): number {
    switch (part.kind) {
      case 'number':
        return this.add(literal(part.value, scope));
      case 'string':
        return this.add(text(part.value, scope));
      case 'selector':
        return this.add(instantSelector(this.addSelector(part, scope), scope, part));
      case 'matrix':
        return this.add(rangeSelector(this.addSelector(part.selector, scope, part.rangeMs), scope, part));
      case 'subquery': {
        const inner = this.addScope({ kind: 'subquery', parent: scope, subquery: part });
        return this.add(subqueryRange(this.compile(part.expression, inner), inner, scope, part));
      }
      case 'call':
        return compileCall(part, scope, this);
      case 'aggregation':
        return compileAggregation(part, scope, this);
      case 'binary':
        return compileBinary(part, scope, this);
      case 'unary':
        return compileUnary(part, scope, this);
      case 'parenthesis':
        return this.compile(part.expression, scope);
    }
  }
}

/** Longer columns, which only subqueries have, are not kept: nobody counts what a program keeps. */
const MAX_KEPT_STEPS = 11_000;

/** The same column for every evaluation at as many steps: scalars are never changed. */
function literal(value: number, scope: number): Operation {
  let column: ScalarColumn = { kind: 'scalar', values: new Float64Array(0) };
  const operation: Operation = {
    scope,
    evaluate(run) {
      const { steps } = run.gridOf(operation);
      if (column.values.length === steps) return column;
      const made: ScalarColumn = { kind: 'scalar', values: run.reserve(steps).fill(value) };
      if (steps <= MAX_KEPT_STEPS) column = made;
      return made;
    },
  };
  return operation;
}

function text(value: string, scope: number): Operation {
  const constant: TextValue = { kind: 'string', value };
  return { scope, evaluate: () => constant };
}
