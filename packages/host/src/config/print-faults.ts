import { ERROR_TABLE, type Fault } from '@labkeeper/core';
import { formatPath } from './config-path.js';

/** What a message needs to show the place it is about. */
export interface SourceLines {
  /** The file whose lines they are. Other files, such as those of rules, are shown without. */
  readonly file: string;
  /** One line, already safe to show; empty when there is none. Lines begin at 1. */
  line(number: number): string;
}

export interface PrintStyle {
  readonly color: 'on' | 'off';
  readonly lines?: SourceLines;
  /** Takes every secret out of the finished text. */
  redact(text: string): string;
}

/** All faults for a terminal: position, code, path, sentence, the line with a mark below the place, and the remedy. */
export function printFaults(faults: readonly Fault[], style: PrintStyle): string {
  const sorted = [...faults].sort((a, b) => compareFiles(a, b, style) || comparePositions(a, b));
  return sorted.map((fault) => style.redact(printFault(fault, style))).join('\n');
}

/** The configuration first, then the files that it names. */
function compareFiles(a: Fault, b: Fault, { lines }: PrintStyle): number {
  const rank = ({ position }: Fault) => (position && position.file !== lines?.file ? position.file : '');
  const [first, second] = [rank(a), rank(b)];
  return first < second ? -1 : Number(first > second);
}

function comparePositions(a: Fault, b: Fault): number {
  return (
    (a.position?.line ?? 0) - (b.position?.line ?? 0) || (a.position?.column ?? 0) - (b.position?.column ?? 0)
  );
}

function printFault(fault: Fault, style: PrintStyle): string {
  const paint = painter(style.color);
  const { position } = fault;
  const place = position ? `${position.file}:${position.line}:${position.column}` : '';
  const head = [paint('bold', place), paint('red', fault.code), formatPath(fault.path)]
    .filter((part) => part !== '')
    .join('  ');
  return [head, `  ${fault.message}`, ...excerpt(fault, style), ...advice(fault, paint), ''].join('\n');
}

function excerpt({ position }: Fault, { lines, color }: PrintStyle): string[] {
  const line = position?.file === lines?.file && position ? lines?.line(position.line) : undefined;
  if (!line || !position) return [];
  const number = String(position.line);
  const margin = `  ${' '.repeat(number.length)} | `;
  const before = line.slice(0, position.column - 1).replace(/[^\t]/g, ' ');
  const width =
    /^(?:"[^"]*"|'[^']*'|(?:[^\s,:\]}]|:(?=\S))+)/.exec(line.slice(position.column - 1))?.[0].length ?? 1;
  return [`  ${number} | ${line}`, `${margin}${before}${painter(color)('red', '^'.repeat(width))}`];
}

function advice({ code, path, message, found, allowed, nearest }: Fault, paint: Painter): string[] {
  const rows: string[] = [];
  // What the sentence or the path says already is not said again.
  const isNews = (text: string | undefined) =>
    text !== undefined && text !== path.at(-1) && !message.includes(text);
  if (nearest !== undefined) rows.push(`  did you mean ${paint('bold', `\`${nearest}\``)}?`);
  if (isNews(found)) rows.push(`  found: ${found}`);
  if (isNews(allowed)) rows.push(`  allowed: ${allowed}`);
  return [...rows, `  remedy: ${ERROR_TABLE[code].remedy}`];
}

type Painter = (style: 'bold' | 'red', text: string) => string;

// ECMA-48 "select graphic rendition", understood by every terminal of the last decades.
const CODES = { bold: '\u001b[1m', red: '\u001b[31m' } as const;
const RESET = '\u001b[0m';

function painter(color: 'on' | 'off'): Painter {
  return (style, text) => (color === 'on' && text !== '' ? `${CODES[style]}${text}${RESET}` : text);
}
