import { type Matcher, METRIC_NAME_LABEL } from '@labkeeper/core';
import type { SyntaxNode } from '@lezer/common';
import { RE2JS, RE2JSSyntaxException } from 're2js';
import type { Place, VectorSelector } from './expression.js';
import { childrenOf, type ParseSource } from './parse-source.js';
import type { Token } from './tokens.js';

/** An instant selector out of its node: name, matchers, or both. */
export function buildSelector(source: ParseSource, node: SyntaxNode): VectorSelector {
  const name = node.getChild('Identifier');
  const list = node.getChild('LabelMatchers');
  const matchers = list === null ? [] : childrenOf(list).map((child) => buildMatcher(source, child));
  const place = { ...source.place(node), offsetMs: 0 };
  if (name === null) return { kind: 'selector', type: 'vector', matchers, ...place };
  const written = source.token(name).text;
  const named: Matcher = { label: METRIC_NAME_LABEL, operator: '=', value: written };
  return { kind: 'selector', type: 'vector', name: written, matchers: [...matchers, named], ...place };
}

function buildMatcher(source: ParseSource, node: SyntaxNode): Matcher {
  const label = source.token(node);
  if (node.name === 'QuotedLabelName') {
    return { label: METRIC_NAME_LABEL, operator: '=', value: String(label.value) };
  }
  const matcher: Matcher = {
    label: nameOf(label),
    operator: source.token(node, 1).word as Matcher['operator'],
    value: String(source.token(node, 2).value),
  };
  if (matcher.operator.includes('~')) checkPattern(source, source.place(node), matcher.value);
  return matcher;
}

/** A label is written plainly or as a text. */
function nameOf(token: Token): string {
  return token.kind === 'string' ? String(token.value) : token.text;
}

/** Labels of `by (…)`, `on (…)` and their like. */
export function buildLabels(source: ParseSource, node: SyntaxNode | null): string[] {
  return node === null ? [] : childrenOf(node).map((child) => nameOf(source.token(child)));
}

function checkPattern(source: ParseSource, place: Place, pattern: string): void {
  try {
    RE2JS.compile(pattern);
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    source.fail(place, error.message);
  }
}

/** Whether a series without the label would meet the condition. Called while an expression is checked, never per series. */
export function acceptsAbsence({ operator, value }: Matcher): boolean {
  if (operator === '=') return value === '';
  if (operator === '!=') return value !== '';
  return RE2JS.matches(value, '') === (operator === '=~');
}
