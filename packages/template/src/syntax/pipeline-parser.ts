import { parseCharacter, parseNumber, parseQuoted } from './literals.js';
import type { Command, Operand, Pipeline } from './nodes.js';
import type { Token, TokenKind } from './token.js';
import type { TokenReader } from './token-reader.js';

/** Parentheses within parentheses. Bounds the recursion. */
const MAX_DEPTH = 100;
const KEYWORDS = new Set([
  'if',
  'else',
  'end',
  'range',
  'with',
  'template',
  'define',
  'block',
  'break',
  'continue',
]);

/** Reads what stands inside an action: variables, commands, operands. */
export class PipelineParser {
  #depth = 0;

  constructor(
    private readonly tokens: TokenReader,
    /** Shared with the parser of blocks, which takes variables away at their ends. */
    private readonly variables: string[],
    private readonly isFunction: (name: string) => boolean,
    private readonly text: string,
  ) {}

  /** A pipeline and the `}}` behind it. */
  untilClose(context: string): Pipeline {
    return this.#pipeline(context, 'close');
  }

  /** The quoted name of `define`, `block` and `template`. */
  quotedName(context: string): string {
    const token = this.tokens.expect('string', context);
    return parseQuoted(token.text) ?? this.tokens.fail(token.offset, 'invalid syntax');
  }

  #pipeline(context: string, end: TokenKind): Pipeline {
    const { offset } = this.tokens.peek();
    const { variables, isAssignment } = this.#declarations(context);
    const commands: Command[] = [];
    do commands.push(this.#command(context, commands.length));
    while (this.#take('pipe'));
    const closing = this.tokens.expect(end, context);
    const text = this.text.slice(offset, closing.offset).trim();
    return { variables, isAssignment, commands, offset, text };
  }

  #take(kind: TokenKind): boolean {
    if (this.tokens.peek().kind !== kind) return false;
    this.tokens.next();
    return true;
  }

  #declarations(context: string): Pick<Pipeline, 'variables' | 'isAssignment'> {
    const names = this.#declaredNames(context);
    if (names.length === 0) return { variables: [], isAssignment: false };
    const isAssignment = this.tokens.next().kind === 'assign';
    if (isAssignment) for (const { text, offset } of names) this.#checkVariable(text.slice(1), offset);
    const variables = names.map(({ text }) => text.slice(1));
    // Declared before its own value is read: Go does the same.
    if (!isAssignment) this.variables.push(...variables);
    return { variables, isAssignment };
  }

  /** The variables in front of `:=` or `=`, or none. */
  #declaredNames(context: string): readonly Token[] {
    const isAssigner = (ahead: number) => ['declare', 'assign'].includes(this.tokens.peek(ahead).kind);
    if (this.tokens.peek().kind !== 'variable') return [];
    if (isAssigner(1)) return [this.tokens.next()];
    if (this.tokens.peek(1).kind !== 'comma') return [];
    if (context !== 'range')
      this.tokens.fail(this.tokens.peek().offset, `too many declarations in ${context}`);
    const key = this.tokens.next();
    this.tokens.next();
    const value = this.tokens.expect('variable', context);
    if (!isAssigner(0)) this.tokens.unexpected(this.tokens.peek(), context);
    return [key, value];
  }

  #command(context: string, stage: number): Command {
    const { offset } = this.tokens.peek();
    const operands: Operand[] = [];
    while (!['pipe', 'close', 'right', 'end'].includes(this.tokens.peek().kind)) {
      if (operands.length > 0 && !this.tokens.peek().isSpaced)
        this.tokens.unexpected(this.tokens.peek(), 'operand');
      operands.push(this.#operand(context));
    }
    const [first, ...rest] = operands;
    if (!first)
      return this.tokens.fail(
        offset,
        stage > 0 ? 'missing value for pipeline' : `missing value for ${context}`,
      );
    if (stage > 0 && ['constant', 'dot', 'nil'].includes(first.kind))
      this.tokens.fail(offset, `non executable command in pipeline stage ${stage + 1}`);
    const text = this.text.slice(offset, this.tokens.peek().offset).trim();
    return { operands: [first, ...rest], offset, text };
  }

  #operand(context: string): Operand {
    const operand = this.#term(context);
    const names = this.#fieldNames();
    if (names.length === 0) return operand;
    if (operand.kind === 'constant' || operand.kind === 'nil')
      return this.tokens.fail(
        operand.offset,
        `unexpected . after term "${this.text.slice(operand.offset, this.tokens.peek().offset)}"`,
      );
    if (operand.kind === 'field' || operand.kind === 'variable')
      return { ...operand, names: [...operand.names, ...names] };
    return { kind: 'chain', operand, names, offset: operand.offset };
  }

  /** Fields that follow without a space: `.A.B`. */
  #fieldNames(): string[] {
    const names: string[] = [];
    while (this.tokens.peek().kind === 'field' && !this.tokens.peek().isSpaced)
      names.push(this.tokens.next().text.slice(1));
    return names;
  }

  #term(context: string): Operand {
    const token = this.tokens.next();
    const { offset, text } = token;
    switch (token.kind) {
      case 'dot':
        return { kind: 'dot', offset };
      case 'field':
        return { kind: 'field', names: [text.slice(1)], offset };
      case 'variable':
        return { kind: 'variable', name: this.#checkVariable(text.slice(1), offset), names: [], offset };
      case 'word':
        return this.#word(token, context);
      case 'left':
        return this.#parenthesis(offset);
      case 'number':
        return this.#constant(parseNumber(text), token, `bad number syntax: "${text}"`);
      case 'string':
        return this.#constant(parseQuoted(text), token, 'invalid syntax');
      case 'char':
        return this.#constant(parseCharacter(text), token, `malformed character constant: ${text}`);
      default:
        return this.tokens.unexpected(token, context);
    }
  }

  #constant(value: string | number | bigint | undefined, { offset }: Token, fault: string): Operand {
    if (value === undefined) return this.tokens.fail(offset, fault);
    return { kind: 'constant', value, offset };
  }

  #word(token: Token, context: string): Operand {
    const { text: name, offset } = token;
    if (name === 'true' || name === 'false') return { kind: 'constant', value: name === 'true', offset };
    if (name === 'nil') return { kind: 'nil', offset };
    if (KEYWORDS.has(name)) return this.tokens.unexpected({ ...token, text: `<${name}>` }, context);
    if (!this.isFunction(name)) return this.tokens.fail(offset, `function "${name}" not defined`);
    return { kind: 'function', name, offset };
  }

  #checkVariable(name: string, offset: number): string {
    if (!this.variables.includes(name)) this.tokens.fail(offset, `undefined variable "$${name}"`);
    return name;
  }

  #parenthesis(offset: number): Operand {
    if (++this.#depth > MAX_DEPTH) this.tokens.fail(offset, `parentheses nested more than ${MAX_DEPTH} deep`);
    const pipeline = this.#pipeline('parenthesized pipeline', 'right');
    this.#depth--;
    return { kind: 'pipeline', pipeline, offset };
  }
}
