import { quoteText } from './go-quote.js';
import type { Token } from './tokens.js';

/** Characters of a literal that a message shows. */
const SHOWN_CHARACTERS = 10;
/** What may stand behind `offset` and in brackets, in Prometheus' words. */
export const DURATION_FORMS = 'number, duration, step(), or range()';

interface Unexpected {
  /** The tokens before the unexpected one, and the words in which the grammar saw them. */
  readonly tokens: readonly Token[];
  readonly words: readonly string[];
  readonly index: number;
}

interface OpenMark {
  readonly mark: string;
  readonly holds: 'aggregation' | 'arguments' | 'labels' | 'nothing';
}

/** What Prometheus says of a token that its grammar cannot take: what it is, where it stands, and what could have stood there. */
export function describeUnexpected(unexpected: Unexpected): string {
  const { tokens, index } = unexpected;
  const token = tokens[index];
  return `unexpected ${token === undefined ? 'end of input' : describeToken(token)}${describeContext(unexpected)}`;
}

/** True for `f(a,)`, which has a message of its own: its place is the comma. */
export function isTrailingComma(unexpected: Unexpected): boolean {
  const { tokens, index } = unexpected;
  if (tokens[index]?.word !== ')' || tokens[index - 1]?.word !== ',') return false;
  const holds = openMarks(unexpected).at(-1)?.holds;
  return holds === 'aggregation' || holds === 'arguments';
}

function describeToken({ kind, text }: Token): string {
  switch (kind) {
    case 'end':
      return 'end of input';
    case 'identifier':
      return `identifier ${quoteText(text)}`;
    case 'metric':
      return `metric identifier ${quoteText(text)}`;
    case 'keyword':
      return `<${text}>`;
    case 'operator':
      return `<op:${text}>`;
    case 'aggregator':
      return `<aggr:${text}>`;
    case 'punctuation':
    case 'preprocessor':
      return quoteText(text);
    default:
      return `${kind} ${quoteShortened(text)}`;
  }
}

function quoteShortened(text: string): string {
  const characters = [...text];
  if (characters.length <= SHOWN_CHARACTERS) return quoteText(text);
  return `${quoteText(characters.slice(0, SHOWN_CHARACTERS).join(''))}...`;
}

function describeContext(unexpected: Unexpected): string {
  const open = openMarks(unexpected);
  const top = open.at(-1);
  const before = unexpected.words[unexpected.index - 1] ?? '';
  if (top?.mark === '{') return ` in label matching, expected ${expectedInBraces(unexpected)}`;
  if (top?.mark === '[') return ` in ${expectedInBrackets(unexpected)}`;
  if (top?.holds === 'labels') {
    return ` in grouping opts, expected ${before === '(' || before === ',' ? 'label' : '"," or ")"'}`;
  }
  if (isGroupingWord(before)) return ' in grouping opts, expected "("';
  const modifier = openModifier(unexpected);
  if (modifier === 'offset') return ` in offset, expected ${DURATION_FORMS}`;
  if (modifier === '@') return ' in @, expected timestamp';
  const isAggregation = open.some(({ holds }) => holds === 'aggregation');
  return isAggregation || isBehindAggregator(unexpected.words, unexpected.index) ? ' in aggregation' : '';
}

function isGroupingWord(word: string): boolean {
  return word === 'by' || word === 'without' || word === 'on' || word === 'ignoring';
}

function expectedInBraces({ tokens, index }: Unexpected): string {
  const before = tokens[index - 1];
  const isValue = before?.kind === 'string';
  if (before?.word === '{' || before?.word === ',') return 'identifier or "}"';
  if (before?.kind === 'identifier') return 'label matching operator';
  return isValue ? '"," or "}"' : 'string';
}

function expectedInBrackets({ words, index }: Unexpected): string {
  const opening = words.lastIndexOf('[', index - 1);
  const colon = words.lastIndexOf(':', index - 1);
  if (colon > opening) {
    return `subquery selector, expected ${colon === index - 1 ? 'number, duration, step(), range(), or "]"' : '"]"'}`;
  }
  if (index - 1 === opening) return `subquery or range selector, expected ${DURATION_FORMS}`;
  return 'subquery or range, expected ":" or "]"';
}

/** `offset` or `@` that still waits for its value: a sign or `start (` may stand between. */
function openModifier({ words, index }: Unexpected): string | undefined {
  let at = index - 1;
  const skipped = new Set(['-', '+', '(', 'start', 'end']);
  while (at > 0 && at > index - 4 && skipped.has(words[at] ?? '')) at -= 1;
  const word = words[at];
  if (word === '@') return word;
  return word === 'offset' && words[index - 1] !== '(' ? word : undefined;
}

/** The brackets that are open before the token, and what they hold. */
function openMarks({ words, index }: Unexpected): OpenMark[] {
  const open: OpenMark[] = [];
  let closed: OpenMark | undefined;
  for (let at = 0; at < index; at++) {
    const mark = words[at] ?? '';
    if (mark === '(') open.push({ mark, holds: heldBy(words, at, closed) });
    else if (mark === '{' || mark === '[') open.push({ mark, holds: 'nothing' });
    else if (mark === ')' || mark === '}' || mark === ']') closed = open.pop();
  }
  return open;
}

/** `sum (`, and `sum by (a) (`, where the list of labels stands between. */
function heldBy(words: readonly string[], at: number, closed: OpenMark | undefined): OpenMark['holds'] {
  const before = words[at - 1] ?? '';
  if (before === 'sum') return 'aggregation';
  if (before === 'ln') return 'arguments';
  if (isGroupingWord(before) || before === 'group_left' || before === 'group_right') return 'labels';
  return before === ')' && closed?.holds === 'labels' && isBehindAggregator(words, at)
    ? 'aggregation'
    : 'nothing';
}

function isBehindAggregator(words: readonly string[], at: number): boolean {
  const opening = words[at - 1] === ')' ? words.lastIndexOf('(', at - 1) : -1;
  return words[opening - 2] === 'sum' && (words[opening - 1] === 'by' || words[opening - 1] === 'without');
}
