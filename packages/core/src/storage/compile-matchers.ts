import { RE2JS } from 're2js';
import { LabkeeperError } from '../errors/labkeeper-error.js';
import { METRIC_NAME_LABEL } from '../model/labels.js';
import type { Matcher } from '../model/matcher.js';
import type { Series } from '../model/sample.js';

/** Values of one label for which a regular expression remembers its answer: label values repeat, the automaton is slow. */
const REMEMBERED_ANSWERS = 10_000;

/** Plain alternations such as `a|b|c` need no automaton. */
const LITERAL_ALTERNATION = /^[\w\-:/ ,@]*(\|[\w\-:/ ,@]*)*$/;

/**
 * One test for a series out of many matchers, as Prometheus defines them: a label that is missing counts as empty, and
 * expressions must match the whole value. Expressions run in linear time (RE2), whatever somebody types.
 * Throws STORAGE_INVALID for a broken expression. Call it once per selection, then the result once per series.
 */
export function compileMatchers(matchers: readonly Matcher[]): (series: Series) => boolean {
  const tests = matchers.map(compileMatcher);
  return (series) => tests.every((test) => test(series));
}

function compileMatcher({ label, operator, value }: Matcher): (series: Series) => boolean {
  const accepts = compileValueTest(operator, value);
  if (label === METRIC_NAME_LABEL) return (series) => accepts(series.name);
  return ({ labels }) => {
    const found: unknown = labels[label];
    // Anything but a text is not a label: `constructor` and its like are found on every object.
    return accepts(typeof found === 'string' ? found : '');
  };
}

function compileValueTest(operator: Matcher['operator'], value: string): (found: string) => boolean {
  switch (operator) {
    case '=':
      return (found) => found === value;
    case '!=':
      return (found) => found !== value;
    case '=~':
      return compileExpression(value);
    case '!~': {
      const matches = compileExpression(value);
      return (found) => !matches(found);
    }
  }
}

function compileExpression(expression: string): (found: string) => boolean {
  if (LITERAL_ALTERNATION.test(expression)) {
    const allowed = new Set(expression.split('|'));
    return (found) => allowed.has(found);
  }
  const automaton = parseExpression(expression);
  const answers = new Map<string, boolean>();
  return (found) => {
    const known = answers.get(found);
    if (known !== undefined) return known;
    const answer = automaton.matches(found);
    if (answers.size < REMEMBERED_ANSWERS) answers.set(found, answer);
    return answer;
  };
}

function parseExpression(expression: string): RE2JS {
  try {
    // As in Prometheus, a dot matches line breaks too.
    return RE2JS.compile(expression, RE2JS.DOTALL);
  } catch (error) {
    throw new LabkeeperError('STORAGE_INVALID', `'${expression}' is not a regular expression (RE2 syntax)`, {
      found: expression,
      cause: error,
    });
  }
}
