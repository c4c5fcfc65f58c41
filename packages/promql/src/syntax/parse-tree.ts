import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import type { Spelling } from './spell-tokens.js';

const strictGrammar = parser.configure({ strict: true });
/** What the Lezer runtime says when a strict grammar is stuck. */
const STUCK = /^No parse at (\d+)$/;

/** The tree of a spelled text, or the index of the first token that the grammar cannot take. */
export type ParsedTree = { readonly root: SyntaxNode } | { readonly stuckAt: number };

/** Parses with the Prometheus project's own Lezer grammar. */
export function parseTree(spelling: Spelling): ParsedTree {
  try {
    const root = strictGrammar.parse(spelling.text).topNode.firstChild;
    return root === null ? { stuckAt: 0 } : { root };
  } catch (error) {
    const stuck = error instanceof SyntaxError ? STUCK.exec(error.message)?.[1] : undefined;
    if (stuck === undefined) throw error;
    return { stuckAt: tokenFrom(spelling, Number(stuck)) };
  }
}

/** The grammar may name the blank before a token, or the end of a text whose reading stopped. */
function tokenFrom(spelling: Spelling, offset: number): number {
  return spelling.tokenAt.get(offset) ?? spelling.tokenAt.get(offset + 1) ?? spelling.words.length;
}
