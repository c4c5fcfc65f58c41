import { QUOTE, skipBlanks, skipWord } from './characters.js';
import { LineFault } from './line-fault.js';
import { parseQuoted } from './parse-series.js';

/** The types of both formats. The older format's `untyped` is `unknown` here. */
const FAMILY_TYPES = [
  'counter',
  'gauge',
  'histogram',
  'summary',
  'info',
  'stateset',
  'gaugehistogram',
  'unknown',
] as const;
export type FamilyType = (typeof FAMILY_TYPES)[number];

/** What a line such as `# HELP name text` says of a family of metrics. */
export type FamilyLine =
  | { readonly says: 'help'; readonly family: string; readonly text: string }
  | { readonly says: 'type'; readonly family: string; readonly type: FamilyType }
  | { readonly says: 'unit'; readonly family: string; readonly unit: string };

const KEYWORDS: ReadonlyMap<string, FamilyLine['says']> = new Map([
  ['HELP', 'help'],
  ['TYPE', 'type'],
  ['UNIT', 'unit'],
]);

/** Reads a line that begins with `#`, which stands at `hashAt`. Undefined for a mere comment. Throws a {@link LineFault}. */
export function parseFamilyLine(bytes: Buffer, hashAt: number, to: number): FamilyLine | undefined {
  const keywordAt = skipBlanks(bytes, hashAt + 1, to);
  const keywordEnd = skipWord(bytes, keywordAt, to);
  const says = KEYWORDS.get(bytes.toString('latin1', keywordAt, keywordEnd));
  if (!says) return undefined;
  const nameAt = skipBlanks(bytes, keywordEnd, to);
  const { text: family, end } = parseName(bytes, nameAt, to);
  const restAt = skipBlanks(bytes, end, to);
  const rest = bytes.toString('utf8', restAt, to);
  if (says === 'help') return { says, family, text: unescapedHelp(rest) };
  if (says === 'unit') return { says, family, unit: rest.trim() };
  return { says, family, type: parseType(rest.trim(), restAt) };
}

function parseName(bytes: Buffer, at: number, to: number): { text: string; end: number } {
  if (bytes[at] === QUOTE && at < to) return parseQuoted(bytes, { at, to, what: 'this name' });
  const end = skipWord(bytes, at, to);
  if (end === at) throw new LineFault(at, 'the name of a metric is missing here');
  return { text: bytes.toString('utf8', at, end), end };
}

function parseType(text: string, at: number): FamilyType {
  const type = text === 'untyped' ? 'unknown' : FAMILY_TYPES.find((known) => known === text);
  if (!type) throw new LineFault(at, `a type is one of ${FAMILY_TYPES.join(', ')}`);
  return type;
}

/** OpenMetrics escapes the quote as well; the older format does not, and does not write one with a backslash either. */
function unescapedHelp(text: string): string {
  return text.replace(/\\([\\"n])/g, (_, character: string) => (character === 'n' ? '\n' : character));
}
