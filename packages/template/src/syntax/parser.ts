import { placeAt, TemplateError } from '../template-error.js';
import type { Branch, Node, ParsedTemplate, Pipeline } from './nodes.js';
import { PipelineParser } from './pipeline-parser.js';
import { Scanner } from './scanner.js';
import { TokenReader } from './token-reader.js';

/** Names that the text may use, besides what it defines itself. */
export interface KnownNames {
  readonly isFunction: (name: string) => boolean;
  /** Without `$`. */
  readonly variables: readonly string[];
}

/** Blocks within blocks. Bounds the recursion of parser and executor alike. */
const MAX_DEPTH = 100;

/** Reads a whole text. Throws TemplateError with the first fault. Called once per template. */
export function parseText(name: string, text: string, known: KnownNames): ParsedTemplate {
  return new Parser(name, text, known).parse();
}

class Parser {
  readonly #tokens: TokenReader;
  readonly #pipelines: PipelineParser;
  readonly #definitions = new Map<string, readonly Node[]>();
  readonly #variables: string[];
  #rangeDepth = 0;
  #depth = 0;

  constructor(
    private readonly name: string,
    private readonly text: string,
    known: KnownNames,
  ) {
    const fail = (offset: number, reason: string): never => {
      throw new TemplateError(name, placeAt(text, offset), reason);
    };
    this.#tokens = new TokenReader(new Scanner(name, text).scan(), fail);
    // `$` itself is always there.
    this.#variables = ['', ...known.variables];
    this.#pipelines = new PipelineParser(this.#tokens, this.#variables, known.isFunction, text);
  }

  parse(): ParsedTemplate {
    const body: Node[] = [];
    while (this.#tokens.peek().kind !== 'end') {
      if (this.#atAction('define')) this.#define();
      else this.#node(body);
    }
    return { name: this.name, text: this.text, body, definitions: this.#definitions };
  }

  #atAction(word: string): boolean {
    const next = this.#tokens.peek(1);
    return this.#tokens.peek().kind === 'open' && next.kind === 'word' && next.text === word;
  }

  #node(into: Node[]): void {
    const token = this.#tokens.next();
    if (token.kind === 'text') into.push({ kind: 'text', text: token.text, offset: token.offset });
    else into.push(this.#action());
  }

  #action(): Node {
    const token = this.#tokens.peek();
    const { offset } = token;
    if (token.kind === 'word') {
      const node = this.#keyword(token.text, offset);
      if (node) return node;
    }
    return { kind: 'action', pipeline: this.#pipelines.untilClose('command'), offset };
  }

  #keyword(word: string, offset: number): Node | undefined {
    switch (word) {
      case 'if':
      case 'with':
      case 'range':
        this.#tokens.next();
        return this.#branch(word, offset);
      case 'block':
        return this.#block();
      case 'template':
        return this.#templateCall();
      case 'break':
      case 'continue':
        return this.#loopJump(word, offset);
      case 'define':
      case 'else':
      case 'end':
        return this.#tokens.fail(offset, `unexpected {{${word}}}`);
      default:
        return undefined;
    }
  }

  /** Variables live until the end of the block in which they were declared. */
  #scoped<T>(parse: () => T, offset: number): T {
    if (++this.#depth > MAX_DEPTH) this.#tokens.fail(offset, `blocks nested more than ${MAX_DEPTH} deep`);
    const before = this.#variables.length;
    try {
      return parse();
    } finally {
      this.#variables.length = before;
      this.#depth--;
    }
  }

  #branch(kind: Branch['kind'], offset: number): Branch {
    return this.#scoped(() => {
      const pipeline = this.#pipelines.untilClose(kind);
      if (kind === 'range') this.#rangeDepth++;
      const { nodes: body, end } = this.#body(offset);
      if (kind === 'range') this.#rangeDepth--;
      const otherwise = end === 'else' ? this.#otherwise(kind, offset) : [];
      return { kind, pipeline, body, otherwise, offset };
    }, offset);
  }

  /** `{{else if …}}` is an `if` inside the `else` that shares its `end`. */
  #otherwise(kind: Branch['kind'], offset: number): readonly Node[] {
    const token = this.#tokens.peek();
    if (token.kind === 'word' && token.text === kind && kind !== 'range') {
      this.#tokens.next();
      return [this.#branch(kind, token.offset)];
    }
    this.#tokens.expect('close', 'else');
    const { nodes, end } = this.#body(offset);
    if (end === 'else') this.#tokens.fail(offset, 'expected end; found {{else}}');
    return nodes;
  }

  /** Up to `{{end}}` (read whole) or `{{else` (read up to here). */
  #body(start: number): { nodes: Node[]; end: 'end' | 'else' } {
    const nodes: Node[] = [];
    for (;;) {
      if (this.#tokens.peek().kind === 'end') this.#tokens.fail(start, 'unexpected EOF');
      const end = this.#atAction('end') ? 'end' : this.#atAction('else') ? 'else' : undefined;
      if (end === undefined) {
        this.#node(nodes);
        continue;
      }
      this.#tokens.next();
      this.#tokens.next();
      if (end === 'end') this.#tokens.expect('close', 'end');
      return { nodes, end };
    }
  }

  #define(): void {
    const { offset } = this.#tokens.next();
    this.#tokens.next();
    const name = this.#pipelines.quotedName('define clause');
    this.#tokens.expect('close', 'define clause');
    this.#definitions.set(name, this.#detachedBody(offset));
  }

  /** A definition sees none of the variables around it, and no loop to leave. */
  #detachedBody(offset: number): readonly Node[] {
    const outer = this.#variables.splice(1);
    const rangeDepth = this.#rangeDepth;
    this.#rangeDepth = 0;
    const { nodes, end } = this.#scoped(() => this.#body(offset), offset);
    this.#rangeDepth = rangeDepth;
    this.#variables.splice(1, this.#variables.length, ...outer);
    if (end === 'else') this.#tokens.fail(offset, 'unexpected {{else}}');
    return nodes;
  }

  #block(): Node {
    const { offset } = this.#tokens.next();
    const name = this.#pipelines.quotedName('block clause');
    const pipeline = this.#pipelines.untilClose('block clause');
    const body = this.#detachedBody(offset);
    // A definition that stands elsewhere goes before the block's own body, which is only the default.
    if (!this.#definitions.has(name)) this.#definitions.set(name, body);
    return { kind: 'template', name, pipeline, offset };
  }

  #templateCall(): Node {
    const { offset } = this.#tokens.next();
    const name = this.#pipelines.quotedName('template clause');
    let pipeline: Pipeline | undefined;
    if (this.#tokens.peek().kind === 'close') this.#tokens.next();
    else pipeline = this.#pipelines.untilClose('template clause');
    return { kind: 'template', name, offset, ...(pipeline && { pipeline }) };
  }

  #loopJump(kind: 'break' | 'continue', offset: number): Node {
    this.#tokens.next();
    this.#tokens.expect('close', kind);
    if (this.#rangeDepth === 0) this.#tokens.fail(offset, `{{${kind}}} outside {{range}}`);
    return { kind, offset };
  }
}
