import { isScalar, type Node, Scalar } from 'yaml';

const SPACE = /\s/;
/** Escapes of double quotes that stand for a space of some kind; they must not be taken for letters. */
const SPACE_ESCAPES = new Set(['n', 't', 'r', ' ', '\t', 'v', 'f', 'N', '_', 'L', 'P']);
const ESCAPE_LENGTH: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };

/**
 * Where a character of a text stands in the YAML that it was read from. YAML folds, indents and escapes, but the letters stay in
 * their order: both sides are walked together, spaces aside. A place between letters is behind the letter before it.
 * Called once per fault.
 */
export function placeInScalar(source: string, node: Node, valueOffset: number): number {
  if (!isScalar(node) || typeof node.value !== 'string' || !node.range) return node.range?.[0] ?? 0;
  const walk = new SourceWalk(source, contentStart(source, node), node.type === Scalar.QUOTE_DOUBLE);
  let place = walk.offset;
  for (let index = 0; index < node.value.length; index++) {
    if (SPACE.test(node.value.charAt(index))) {
      if (index === valueOffset) return place;
      continue;
    }
    walk.skipSpaces();
    if (index === valueOffset) return walk.offset;
    // A quote in single quotes is written twice.
    walk.skipLetter(node.type === Scalar.QUOTE_SINGLE && node.value.charAt(index) === "'" ? 2 : 1);
    place = walk.offset;
  }
  return place;
}

function contentStart(source: string, node: Scalar): number {
  const start = node.range?.[0] ?? 0;
  if (node.type === Scalar.QUOTE_SINGLE || node.type === Scalar.QUOTE_DOUBLE) return start + 1;
  const isBlock = node.type === Scalar.BLOCK_FOLDED || node.type === Scalar.BLOCK_LITERAL;
  return isBlock ? source.indexOf('\n', start) + 1 : start;
}

class SourceWalk {
  constructor(
    private readonly source: string,
    public offset: number,
    private readonly hasEscapes: boolean,
  ) {}

  skipSpaces(): void {
    for (;;) {
      if (SPACE.test(this.source.charAt(this.offset))) this.offset++;
      else if (this.#atSpaceEscape()) this.offset += 2;
      else return;
    }
  }

  skipLetter(length: number): void {
    const isEscape = this.hasEscapes && this.source.charAt(this.offset) === '\\';
    this.offset += isEscape ? (ESCAPE_LENGTH[this.source.charAt(this.offset + 1)] ?? 2) : length;
  }

  #atSpaceEscape(): boolean {
    if (!this.hasEscapes || this.source.charAt(this.offset) !== '\\') return false;
    const next = this.source.charAt(this.offset + 1);
    // A backslash at the end of a line joins it with the next one.
    return SPACE_ESCAPES.has(next) || next === '\n' || next === '\r';
  }
}
