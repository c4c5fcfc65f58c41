/**
 * How near two right evaluators come to each other. `sums`: few binary digits, so that sums are exact in any order. `exact`: the same bits.
 * `rounded`: the last digits depend on the order of summation or on the library of mathematics, so nothing may hang on equality.
 */
export type Precision = 'sums' | 'exact' | 'rounded';

/** A random expression, with the expressions that it is made of. */
export interface Question {
  readonly text: string;
  readonly parts: readonly Question[];
  readonly precision: Precision;
  /** No two of its values at one time are equal or NaN: their order is certain. */
  readonly isOrdered: boolean;
}

/** Where in an expression something is written. */
export interface Spot {
  /** How many expressions may still be within each other. */
  readonly depth: number;
  /** Evaluated at whole seconds, as the inside of a subquery is. The query itself is evaluated at half ones. */
  readonly atWholeSeconds: boolean;
  /** Subqueries around it. */
  readonly subqueries: number;
}

/** Writes the operands of an expression, one level deeper. */
export interface Operands {
  vector(spot: Spot): Question;
  /** One that gives the same bits everywhere. */
  exactVector(spot: Spot): Question;
  /** One whose values have a certain order. */
  orderedVector(spot: Spot): Question;
  scalar(spot: Spot): Question;
  matrix(spot: Spot): Question;
  /** Without values that only look like their neighbours. */
  exactMatrix(spot: Spot): Question;
}

export function deeper(spot: Spot): Spot {
  return { ...spot, depth: spot.depth - 1 };
}

export function leaf(text: string, precision: Precision, isOrdered = false): Question {
  return { text, parts: [], precision, isOrdered };
}

/** An expression around others; as rounded as the worst of them, or worse. */
export function around(
  text: string,
  parts: readonly Question[],
  atBest: Precision,
  isOrdered = false,
): Question {
  return { text, parts, precision: worst([atBest, ...parts.map(({ precision }) => precision)]), isOrdered };
}

function worst(precisions: readonly Precision[]): Precision {
  if (precisions.includes('rounded')) return 'rounded';
  return precisions.includes('exact') ? 'exact' : 'sums';
}
