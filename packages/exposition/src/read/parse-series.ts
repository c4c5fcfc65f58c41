import { isLabelName, isMetricName, METRIC_NAME_LABEL, type Series } from '@labkeeper/core';
import { BACKSLASH, CLOSE, COMMA, EQUALS, OPEN, QUOTE, skipBlanks } from './characters.js';
import { LineFault } from './line-fault.js';

/**
 * Which names are taken. `storable`: those of the classic alphabet that are not reserved, which every store keeps.
 * `any`: also names in quotes, of any characters (`{"my.metric","a.b"="c"}`), and labels that begin with `__`.
 */
export type AcceptedNames = 'storable' | 'any';

/** Bytes from `from` up to `to`, which is not among them. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Text without a higher byte is read without the strict decoder, which takes ten times as long. */
const HIGHEST_ASCII = 0x7f;
const NO_NAME = 'a metric name is missing here';

/** Reads `name{label="value",…}`; `bytes[from…to)` holds nothing else. Throws a {@link LineFault}. Once per new series. */
export function parseSeries(bytes: Buffer, { from, to }: Stretch, names: AcceptedNames): Series {
  const nameEnd = wordEnd(bytes, from, to);
  const name = bytes.toString('latin1', from, nameEnd);
  const open = skipBlanks(bytes, nameEnd, to);
  const mayBeQuoted = names === 'any' && name === '' && bytes[open] === OPEN && open < to;
  if (!mayBeQuoted && !isMetricName(name)) throw new LineFault(from, NO_NAME);
  if (open === to) return { name, labels: {} };
  if (bytes[open] !== OPEN) throw new LineFault(open, 'a metric name has only letters, digits, _ and :');
  const reader = new LabelsReader(bytes, { from: open + 1, to }, { metric: name, names });
  reader.read();
  if (reader.metric === '') throw new LineFault(from, NO_NAME);
  // From entries, because a label may be called `__proto__`.
  return { name: reader.metric, labels: Object.fromEntries(reader.labels) };
}

/** Text in quotes, and where it stands. */
interface Quoted {
  /** Index of the first quote. */
  readonly at: number;
  readonly to: number;
  /** For messages: `the value of this label`. */
  readonly what: string;
}

/** Reads text in quotes, with `\\`, `\"` and `\n` in it. Returns it and where it ends. Throws a {@link LineFault}. */
export function parseQuoted(bytes: Buffer, { at, to, what }: Quoted): { text: string; end: number } {
  let [end, isEscaped, seen] = [at + 1, false, 0];
  for (; end < to && bytes[end] !== QUOTE; end++) {
    seen |= bytes[end] as number;
    if (bytes[end] !== BACKSLASH) continue;
    isEscaped = true;
    end++;
    seen |= bytes[end] ?? 0;
  }
  if (end >= to) throw new LineFault(at, `${what} has no end`);
  const text =
    seen <= HIGHEST_ASCII ? bytes.toString('latin1', at + 1, end) : utf8(bytes.subarray(at + 1, end));
  if (text === undefined) throw new LineFault(at + 1, `${what} is not UTF-8`);
  return { text: isEscaped ? unescaped(text) : text, end: end + 1 };
}

class LabelsReader {
  readonly labels = new Map<string, string>();
  /** The metric's name; empty until it is found between the braces. */
  metric: string;
  readonly #bytes: Buffer;
  readonly #to: number;
  readonly #names: AcceptedNames;
  #at: number;

  constructor(
    bytes: Buffer,
    { from, to }: Stretch,
    { metric, names }: { readonly metric: string; readonly names: AcceptedNames },
  ) {
    this.#bytes = bytes;
    this.#at = from;
    this.#to = to;
    this.metric = metric;
    this.#names = names;
  }

  read(): void {
    // A comma may stand behind the last label, too.
    while (this.#next() !== CLOSE) {
      this.#readOne();
      if (this.#next() === COMMA) this.#at += 1;
      else if (this.#next() !== CLOSE) throw new LineFault(this.#at, "',' or '}' is missing behind a label");
    }
  }

  #readOne(): void {
    const nameAt = this.#at;
    const isQuoted = this.#names === 'any' && this.#next() === QUOTE;
    const name = isQuoted ? this.#quoted('this name') : this.#plainName();
    if (this.#next() !== EQUALS) {
      if (!isQuoted) throw new LineFault(this.#at, "'=' is missing behind the name of a label");
      return this.#takeMetric(name, nameAt);
    }
    if (name === '' || name === METRIC_NAME_LABEL) throw new LineFault(nameAt, 'no label has this name');
    if (this.labels.has(name)) throw new LineFault(nameAt, 'this label was there before');
    this.#at += 1;
    if (this.#next() !== QUOTE) throw new LineFault(this.#at, 'the value of a label stands in double quotes');
    this.labels.set(name, this.#quoted('the value of this label'));
  }

  #takeMetric(name: string, at: number): void {
    if (this.metric !== '') throw new LineFault(at, 'the metric has a name already');
    if (name === '') throw new LineFault(at, NO_NAME);
    this.metric = name;
  }

  /** The next byte that is no blank; undefined behind the end. */
  #next(): number | undefined {
    this.#at = skipBlanks(this.#bytes, this.#at, this.#to);
    return this.#at < this.#to ? this.#bytes[this.#at] : undefined;
  }

  #plainName(): string {
    const from = this.#at;
    this.#at = wordEnd(this.#bytes, from, this.#to);
    const name = this.#bytes.toString('latin1', from, this.#at);
    if (!name.startsWith('__')) {
      if (!isLabelName(name)) throw new LineFault(from, 'the name of a label is missing here');
    } else if (this.#names === 'storable') {
      throw new LineFault(from, "names of labels that begin with '__' are reserved");
    } else if (name.includes(':')) throw new LineFault(from, 'the name of a label has no colon');
    return name;
  }

  #quoted(what: string): string {
    const { text, end } = parseQuoted(this.#bytes, { at: this.#at, to: this.#to, what });
    this.#at = end;
    return text;
  }
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return UTF_8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Behind the letters, digits, `_` and `:` that begin at `from`. */
function wordEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && isWordByte(bytes[at] as number)) at++;
  return at;
}

function isWordByte(byte: number): boolean {
  const letter = byte | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || (byte >= 0x30 && byte <= 0x3a) || byte === 0x5f;
}

/** A backslash before any other character stands for itself: OpenMetrics wants it so, and Prometheus reads it so. */
function unescaped(text: string): string {
  return text.replace(/\\([\\"n])/g, (_, character: string) => (character === 'n' ? '\n' : character));
}
