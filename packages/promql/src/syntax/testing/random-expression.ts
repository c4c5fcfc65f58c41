import type { ValueType } from '../expression.js';
import { functionSignatures } from '../functions-table.js';

/** What random expressions are made of. */
export interface RandomExpressionOptions {
  /** Gives numbers in 0 ≤ n < 1; the same numbers give the same expression. */
  readonly random: () => number;
  readonly metrics: readonly string[];
  /** Values by the name of the label. Names are plain; values may be anything. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  /** How deep expressions may be within each other. Default 4. */
  readonly depth?: number;
  /** With what Prometheus 2 cannot read: seconds as durations, durations as numbers, quoted names, `_` in numbers. Default false. */
  readonly modern?: boolean;
}

const ARITHMETIC = ['+', '-', '*', '/', '%', '^', 'atan2'];
const COMPARISONS = ['==', '!=', '>', '<', '>=', '<='];
const SET_OPERATORS = ['and', 'or', 'unless'];
const AGGREGATIONS = ['sum', 'avg', 'min', 'max', 'count', 'group', 'stddev', 'stdvar'];
const RANGES = ['30s', '1m', '90s', '2m', '5m', '1h', '1m30s'];
const STEPS = ['', '15s', '30s', '1m', '7s'];
const NUMBERS = [
  '0',
  '1',
  '2',
  '0.5',
  '3.7',
  '1e3',
  '1e-3',
  '0x1F',
  '.25',
  '100',
  '-1',
  '+2',
  'Inf',
  '-Inf',
  'NaN',
];
const MODERN_NUMBERS = ['1_000', '5m', '1h30m', '-2s', '2.'];
const MAX_DEPTH = 4;
/** These only refuse what they get (native histograms), or have arguments of their own form. */
const LEFT_OUT = /^(?:histogram_(?!quantile)|label_|sort|info$)/;

const CALLABLE = functionSignatures().filter(
  ({ name, isExperimental }) => !isExperimental && !LEFT_OUT.test(name),
);

/**
 * The text of a random, valid, type-checked expression: all kinds of nodes, modifiers, matching and spellings. For property tests of the
 * parser, and to ask two evaluators the same questions.
 */
export function randomExpression(options: RandomExpressionOptions): string {
  const writer = new ExpressionWriter(options);
  const types: ValueType[] = ['vector', 'vector', 'vector', 'scalar'];
  return writer.write(writer.pick(types), options.depth ?? MAX_DEPTH);
}

class ExpressionWriter {
  constructor(private readonly options: RandomExpressionOptions) {}

  write(type: ValueType, depth: number): string {
    switch (type) {
      case 'scalar':
        return this.scalar(depth);
      case 'string':
        return this.text();
      case 'vector':
        return this.vector(depth);
      case 'matrix':
        return this.matrix(depth);
    }
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.options.random() * items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  private chance(probability: number): boolean {
    return this.options.random() < probability;
  }

  private oneOf(writers: readonly (() => string)[]): string {
    return this.pick(writers)();
  }

  private scalar(depth: number): string {
    const number = () => this.pick(this.options.modern ? [...NUMBERS, ...MODERN_NUMBERS] : NUMBERS);
    if (depth <= 1) return number();
    const next = depth - 1;
    return this.oneOf([
      number,
      number,
      () => `(${this.scalar(next)})`,
      () => `${this.scalarOperand(next)} ${this.pick(ARITHMETIC)} ${this.scalarOperand(next)}`,
      () => [number(), number(), number()].join(` ${this.pick(ARITHMETIC)} `),
      () => `${this.scalarOperand(next)} ${this.pick(COMPARISONS)} bool ${this.scalarOperand(next)}`,
      () => `-${this.scalar(next)}`,
      () => this.call('scalar', next),
    ]);
  }

  private vector(depth: number): string {
    if (depth <= 1) return this.selector();
    const next = depth - 1;
    return this.oneOf([
      () => this.selector(),
      () => `(${this.vector(next)})`,
      () => `${this.pick(['-', '+'])}${this.vector(next)}`,
      () => this.aggregation(next),
      () => this.aggregation(next),
      () => this.call('vector', next),
      () => this.call('vector', next),
      () => this.call('vector', next),
      () => this.labelCall(next),
      () => this.besideScalar(next),
      () => this.betweenVectors(next),
      () => this.chain(next),
    ]);
  }

  /** What keeps its type whatever operator stands beside it. */
  private vectorOperand(depth: number): string {
    return this.oneOf([
      () => this.selector(),
      () => this.aggregation(depth),
      () => `(${this.vector(depth)})`,
    ]);
  }

  private scalarOperand(depth: number): string {
    return this.oneOf([() => this.pick(NUMBERS), () => `(${this.scalar(depth)})`]);
  }

  /** Precedence decides what belongs together; vectors everywhere make every outcome valid. */
  private chain(depth: number): string {
    let text = this.vectorOperand(depth);
    for (let count = 0; count < 3; count++) {
      const operator = this.pick([this.pick(ARITHMETIC), this.comparison(), this.pick(SET_OPERATORS)]);
      text += ` ${operator} ${this.pick(['', '', '-'])}${this.vectorOperand(depth)}`;
    }
    return text;
  }

  private matrix(depth: number): string {
    if (depth <= 1 || this.chance(0.7)) return `${this.bareSelector()}[${this.duration()}]${this.times()}`;
    const inner = this.vector(depth - 1);
    return `(${inner})[${this.duration()}:${this.pick(STEPS)}]${this.times()}`;
  }

  private selector(): string {
    return this.bareSelector() + this.times();
  }

  private bareSelector(): string {
    const name = this.pick(this.options.metrics);
    if (this.options.modern && this.chance(0.1)) return `{${JSON.stringify(name)}}`;
    if (this.chance(0.1)) return `{__name__=${JSON.stringify(name)}}`;
    return this.chance(0.5)
      ? name
      : `${name}{${this.matcher()}${this.chance(0.3) ? `, ${this.matcher()}` : ''}}`;
  }

  private matcher(): string {
    const label = this.label();
    const value = this.pick(this.options.labels[label] ?? ['']);
    const pattern = value.replaceAll(/[^\w]/g, '.');
    const condition = this.pick([
      ['=', value],
      ['!=', value],
      ['=~', `${pattern}|${this.pick(['x.*', '.+', ''])}`],
      ['!~', `${pattern.slice(0, 1)}.*`],
    ]);
    return `${label}${condition[0]}${JSON.stringify(condition[1])}`;
  }

  private times(): string {
    const offset = this.chance(0.2) ? ` offset ${this.pick(['', '-'])}${this.duration()}` : '';
    const at = this.chance(0.1) ? ` @ ${this.pick(['start()', 'end()', '300', '600.5'])}` : '';
    return this.chance(0.5) ? offset + at : at + offset;
  }

  private duration(): string {
    return this.pick(this.options.modern ? [...RANGES, '300', '90.5'] : RANGES);
  }

  private aggregation(depth: number): string {
    const inner = this.vector(depth);
    const grouping = `${this.pick(['by', 'without'])} (${this.labelList()})`;
    const [head, args] = this.pick([
      [this.pick(AGGREGATIONS), inner],
      [this.pick(AGGREGATIONS), inner],
      [this.pick(['topk', 'bottomk']), `${this.pick(['1', '2', '3'])}, ${inner}`],
      ['quantile', `${this.pick(['0', '0.5', '0.9', '1'])}, ${inner}`],
      ['count_values', `"counted", ${inner}`],
    ] as const);
    return this.oneOf([
      () => `${head}(${args})`,
      () => `${head} ${grouping} (${args})`,
      () => `${head}(${args}) ${grouping}`,
    ]);
  }

  private call(returns: ValueType, depth: number): string {
    const signature = this.pick(CALLABLE.filter((candidate) => candidate.returns === returns));
    const count = signature.arguments.length - (signature.variadic > 0 && this.chance(0.5) ? 1 : 0);
    const args = signature.arguments.slice(0, count).map((type) => this.write(type, depth));
    return `${signature.name}(${args.join(', ')})`;
  }

  private labelCall(depth: number): string {
    const [into, from] = [this.label(), this.label()];
    const inner = this.vector(depth);
    return this.oneOf([
      () => `label_replace(${inner}, "${into}", "$1-x", "${from}", "(.*)")`,
      () => `label_join(${inner}, "joined", "/", "${from}", "${into}")`,
      () => `sort(${inner})`,
    ]);
  }

  private besideScalar(depth: number): string {
    const sides = [this.vectorOperand(depth), this.scalarOperand(depth)];
    if (this.chance(0.5)) sides.reverse();
    const operator = this.chance(0.5) ? this.pick(ARITHMETIC) : this.comparison();
    return sides.join(` ${operator} `);
  }

  private betweenVectors(depth: number): string {
    const [left, right] = [this.vectorOperand(depth), this.vectorOperand(depth)];
    if (this.chance(0.3)) return `${left} ${this.pick(SET_OPERATORS)}${this.matching(0)} ${right}`;
    const operator = this.chance(0.6) ? this.pick(ARITHMETIC) : this.comparison();
    return `${left} ${operator}${this.matching(0.3)} ${right}`;
  }

  private comparison(): string {
    return this.pick(COMPARISONS) + (this.chance(0.5) ? ' bool' : '');
  }

  private matching(grouped: number): string {
    if (this.chance(0.4)) return '';
    const labels = this.someLabels();
    const clause = ` ${this.pick(['on', 'ignoring'])} (${labels.join(', ')})`;
    if (!this.chance(grouped)) return clause;
    const included = Object.keys(this.options.labels).filter((label) => !labels.includes(label));
    return `${clause} ${this.pick(['group_left', 'group_right'])} (${included.slice(0, 1).join(', ')})`;
  }

  private labelList(): string {
    return this.someLabels().join(', ');
  }

  private someLabels(): string[] {
    return Object.keys(this.options.labels).filter(() => this.chance(0.4));
  }

  private label(): string {
    return this.pick(Object.keys(this.options.labels));
  }

  private text(): string {
    return JSON.stringify(this.pick(['a', 'b c', 'x"y', 'l\\n', '']));
  }
}
