import { aggregation } from './aggregations.js';
import { binary, scalarBinary } from './binaries.js';
import { call } from './calls.js';
import { mistake } from './mistakes.js';
import { around, deeper, leaf, type Operands, type Question, type Spot } from './question.js';
import type { Random } from './random.js';
import { matrixSelector, orderedSelector, selector, subqueryTimes } from './selectors.js';

/** How deep subqueries may be within each other; each multiplies the work. */
const MOST_SUBQUERIES = 2;
/** Attempts to write something that meets a condition, before a plain selector is taken. */
const ATTEMPTS = 4;

/** A random expression over the data: mostly a vector, seldom something else, seldom a mistake. */
export function randomQuestion(random: Random): Question {
  const spot = { depth: random.between(1, 4), atWholeSeconds: false, subqueries: 0 };
  const writer = new QuestionWriter(random);
  const question = random.weighted([
    [90, () => writer.vector(spot)],
    [3, () => writer.scalar(spot)],
    [2, () => writer.matrix(spot)],
    [0.5, () => leaf(random.pick(TEXTS), 'exact')],
    [4, () => mistake(random, writer, spot)],
  ])();
  return random.chance(0.1) ? { ...question, text: respelt(question.text) } : question;
}

const TEXTS = ['"a \\"text\\" \\u00e9"', "'one'", '`raw\\n`'];

/** Words of the language may be written large; between them there may be anything empty. Texts of these questions hold none of them. */
function respelt(text: string): string {
  return text
    .replaceAll(/ (?:by|without|on|ignoring|group_left|group_right|offset|and|or|unless) /g, (word) =>
      word.toUpperCase(),
    )
    .replaceAll(', ', ' ,\n\t')
    .replaceAll(/ (?=\()/g, ' # (a remark"\n');
}

class QuestionWriter implements Operands {
  constructor(private readonly random: Random) {}

  vector(spot: Spot): Question {
    const { random } = this;
    if (spot.depth <= 0) return selector(random);
    return random.weighted([
      [2, () => selector(random)],
      [1, () => this.wrapped('(', this.vector(deeper(spot)), ')')],
      [1, () => this.wrapped(random.pick(['-', '+', '-']), this.vector(deeper(spot)), '')],
      [6, () => aggregation(random, this, spot)],
      [8, () => call(random, this, spot)],
      [6, () => binary(random, this, spot)],
    ])();
  }

  exactVector(spot: Spot): Question {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const vector = this.vector(spot);
      if (vector.precision !== 'rounded') return vector;
    }
    return selector(this.random);
  }

  orderedVector(spot: Spot): Question {
    if (this.random.chance(0.5)) return orderedSelector(this.random);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const vector = this.vector(spot);
      if (vector.isOrdered) return vector;
    }
    return orderedSelector(this.random);
  }

  scalar(spot: Spot): Question {
    const { random } = this;
    if (spot.depth <= 0 || random.chance(0.5)) return number(random);
    const inside = deeper(spot);
    return random.pick([
      () => scalarBinary(random, this, spot),
      () => this.wrapped('(', this.scalar(inside), ')'),
      () => this.wrapped('-', this.scalar(inside), ''),
      () => this.wrapped('scalar(', this.vector(inside), ')'),
    ])();
  }

  matrix(spot: Spot): Question {
    return this.#matrix(spot, (inside) => this.vector(inside));
  }

  exactMatrix(spot: Spot): Question {
    return this.#matrix(spot, (inside) => this.exactVector(inside));
  }

  #matrix(spot: Spot, vector: (inside: Spot) => Question): Question {
    const { random } = this;
    if (spot.depth <= 0 || spot.subqueries >= MOST_SUBQUERIES || random.chance(0.7))
      return matrixSelector(random);
    const inner = vector({ depth: spot.depth - 1, atWholeSeconds: true, subqueries: spot.subqueries + 1 });
    return this.wrapped('(', inner, `)${subqueryTimes(random, spot)}`);
  }

  wrapped(before: string, inner: Question, behind: string): Question {
    const isOrdered = inner.isOrdered && !behind.includes('[');
    return around(before + inner.text + behind, [inner], 'sums', isOrdered);
  }
}

function number(random: Random): Question {
  return random.weighted([
    [6, leaf(random.pick(['1', '2', '3', '0.5', '-3', '100', '1e3', '0x1F', '4.']), 'sums')],
    [2, leaf(random.pick(['0', 'Inf', '-Inf', 'NaN', '+inf', 'nan']), 'sums')],
    [2, leaf(random.pick(['1e-3', '.7', '3.14159', 'pi()', 'time()', 'time() % 60']), 'exact')],
  ]);
}
