import { RE2JS } from 're2js';

/** A compiled regular expression that takes time in proportion to the text, whatever somebody wrote. */
export interface TextPattern {
  /** True when it matches anywhere in the text. */
  isIn(text: string): boolean;
}

/**
 * Compiles a regular expression in RE2 syntax, the one of Prometheus, Go and blackbox_exporter: no look-around and no
 * back-references, and therefore no expression that runs for minutes on an unlucky page.
 * Throws a RangeError that says what is wrong.
 */
export function compilePattern(expression: string): TextPattern {
  const automaton = parse(expression);
  return { isIn: (text) => automaton.matcher(text).find() };
}

function parse(expression: string): RE2JS {
  try {
    return RE2JS.compile(expression);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RangeError(`'${expression}' is not a regular expression in RE2 syntax: ${reason}`, {
      cause: error,
    });
  }
}
