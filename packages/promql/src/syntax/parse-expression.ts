import type { Matcher } from '@labkeeper/core';
import { PromqlError } from '../promql-error.js';
import { buildExpression } from './build-expression.js';
import { checkExpression } from './check-expression.js';
import { describeUnexpected, isTrailingComma } from './describe-unexpected.js';
import type { Expression } from './expression.js';
import { type ParseOptions, ParseSource } from './parse-source.js';
import { parseTree } from './parse-tree.js';
import { type ReadTokens, readTokens } from './read-tokens.js';
import { failAt } from './source-text.js';
import { type Spelling, spellTokens } from './spell-tokens.js';
import type { Token } from './tokens.js';

/** UTF-16 units of a text that is parsed at all. */
const MAX_LENGTH = 65_536;
/** Expressions within each other: every walk over a tree may then be recursive. */
const MAX_DEPTH = 500;
const OPENING = new Set(['(', '{', '[']);
const CLOSING = new Set([')', '}', ']']);
const MODIFIERS = new Set(['offset', 'anchored', 'smoothed']);

/**
 * Parses and type-checks a PromQL expression of Prometheus 3. Throws PromqlError `bad_data` with Prometheus' own message (`1:5: parse
 * error: …`) and the place for everything that Prometheus refuses, and for texts longer than 64 KiB or nested deeper than 500.
 * Called once per query, and once per rule when rules are loaded. Source: prometheus.io/docs/prometheus/latest/querying/basics.
 */
export function parseExpression(text: string, options: ParseOptions = {}): Expression {
  if (text.length > MAX_LENGTH) {
    throw new PromqlError('bad_data', `expression is longer than ${MAX_LENGTH} characters`);
  }
  const read = readTokens(text);
  checkDepth(text, read.tokens);
  const spelling = spellTokens(read.tokens);
  const parsed = parseTree(spelling);
  if ('stuckAt' in parsed) return failUnexpected(text, read, spelling, parsed.stuckAt);
  if (read.fault !== undefined) failAt(text, read.fault.place, read.fault.message);
  const expression = buildExpression(new ParseSource(text, read.tokens, spelling, options), parsed.root);
  checkExpression(text, expression);
  return expression;
}

/**
 * The matchers of a bare selector such as `up{job="node"}`, for the `match[]` of the HTTP API. Throws as {@link parseExpression} does, and
 * for every expression that is no plain instant selector.
 */
export function parseSelector(text: string): readonly Matcher[] {
  const expression = parseExpression(text);
  const isPlain = expression.kind === 'selector' && expression.offsetMs === 0 && expression.at === undefined;
  if (!isPlain) failAt(text, expression, 'expected a plain vector selector');
  return (expression as Extract<Expression, { kind: 'selector' }>).matchers;
}

function failUnexpected(text: string, read: ReadTokens, { words }: Spelling, stuckAt: number): never {
  const { tokens, fault } = read;
  // The lexer's complaint stands behind all tokens that it read.
  if (fault !== undefined && stuckAt >= tokens.length) failAt(text, fault.place, fault.message);
  const token = tokens[stuckAt];
  if (tokens.length === 1 && token?.kind === 'end') {
    failAt(text, { start: 0, end: 0 }, 'no expression found in input');
  }
  const place = token ?? { start: text.length, end: text.length };
  const unexpected = { tokens, words, index: stuckAt };
  if (isTrailingComma(unexpected)) {
    failAt(text, tokens[stuckAt - 1] ?? place, 'trailing commas not allowed in function call args');
  }
  failAt(text, place, describeUnexpected(unexpected));
}

/** Every open bracket and every operator beside it may be one more level of the tree. Refused before anything walks over it. */
function checkDepth(text: string, tokens: readonly Token[]): void {
  const levels: number[] = [0];
  let depth = 0;
  for (const token of tokens) {
    depth += depthChange(levels, token);
    if (depth > MAX_DEPTH) failAt(text, token, `expression is nested deeper than ${MAX_DEPTH} levels`);
  }
}

/** `levels` holds, for each open bracket, how many operators stand beside each other in it. */
function depthChange(levels: number[], { kind, word }: Token): number {
  const last = levels.length - 1;
  if (OPENING.has(word)) {
    levels.push(1);
    return 1;
  }
  if (CLOSING.has(word)) return closeLevel(levels, word);
  if (word === ',') {
    const beside = (levels[last] ?? 1) - 1;
    levels[last] = 1;
    return -beside;
  }
  if (kind !== 'operator' && !MODIFIERS.has(word)) return 0;
  levels[last] = (levels[last] ?? 0) + 1;
  return 1;
}

/** A subquery stays a level, because another one may follow it. */
function closeLevel(levels: number[], word: string): number {
  if (levels.length === 1) return 0;
  const closed = levels.pop() ?? 0;
  if (word !== ']') return -closed;
  levels[levels.length - 1] = (levels.at(-1) ?? 0) + 1;
  return 1 - closed;
}
