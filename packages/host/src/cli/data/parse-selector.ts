import { LabkeeperError, type Matcher, METRIC_NAME_LABEL } from '@labkeeper/core';

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const OPERATOR = /=~|!~|!=|=/y;
const BLANKS = /\s*/y;
/** Up to the closing quote of the same kind. */
const QUOTED: Readonly<Record<string, RegExp>> = {
  '"': /"(?:[^"\\\n]|\\.)*"/y,
  "'": /'(?:[^'\\\n]|\\.)*'/y,
  '`': /`[^`]*`/y,
};
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
const ESCAPE = /\\(.)/g;

/**
 * Reads a selector of series as Prometheus writes them: `name`, `name{label="value",other=~"expression"}` or `{…}`.
 * Throws SELECTOR_INVALID with the column where reading stopped.
 */
export function parseSelector(text: string): readonly Matcher[] {
  const reader = new SelectorReader(text);
  const name = reader.take(NAME);
  const matchers: Matcher[] = name === '' ? [] : [{ label: METRIC_NAME_LABEL, operator: '=', value: name }];
  if (reader.skip('{')) matchers.push(...readMatchers(reader));
  else if (name === '') reader.fail('the name of a metric or `{` is expected');
  if (!reader.isAtEnd) reader.fail('the selector should end here');
  return matchers.length > 0
    ? matchers
    : reader.fail('an empty selector would mean everything: leave it out');
}

function readMatchers(reader: SelectorReader): readonly Matcher[] {
  const matchers: Matcher[] = [];
  while (!reader.skip('}')) {
    matchers.push(readMatcher(reader));
    if (reader.skip(',')) continue;
    if (!reader.skip('}')) reader.fail('`,` or `}` is expected');
    break;
  }
  return matchers;
}

function readMatcher(reader: SelectorReader): Matcher {
  const label = reader.take(LABEL) || reader.fail('the name of a label or `}` is expected');
  const operator = reader.take(OPERATOR) || reader.fail('one of `=`, `!=`, `=~` and `!~` is expected');
  return { label, operator: operator as Matcher['operator'], value: readQuoted(reader) };
}

function readQuoted(reader: SelectorReader): string {
  const pattern = QUOTED[reader.next] ?? reader.fail('a text in quotes is expected');
  const quoted = reader.take(pattern) || reader.fail('the closing quote of this text is missing');
  const inner = quoted.slice(1, -1);
  if (quoted.startsWith('`')) return inner;
  return inner.replace(ESCAPE, (_, character: string) => ESCAPED[character] ?? unescaped(character));
}

/** A backslash before anything else is meant for an expression: nobody should have to write it twice, though they may. */
function unescaped(character: string): string {
  return /["'\\]/.test(character) ? character : `\\${character}`;
}

class SelectorReader {
  #at = 0;

  constructor(private readonly text: string) {
    this.take(BLANKS);
  }

  get isAtEnd(): boolean {
    return this.#at === this.text.length;
  }

  /** The next character, or nothing at the end. */
  get next(): string {
    return this.text.charAt(this.#at);
  }

  /** What fits here, blanks behind it skipped; empty when nothing does. */
  take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.#at += found.length;
    BLANKS.lastIndex = this.#at;
    if (found !== '') this.#at += BLANKS.exec(this.text)?.[0].length ?? 0;
    return found;
  }

  skip(character: string): boolean {
    if (this.next !== character) return false;
    this.take(/./y);
    return true;
  }

  fail(says: string): never {
    const found = this.next === '' ? 'the end' : this.text.slice(this.#at, this.#at + 20);
    throw new LabkeeperError('SELECTOR_INVALID', `'${this.text}', column ${this.#at + 1}: ${says}`, {
      found,
    });
  }
}
