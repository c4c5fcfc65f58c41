import { isLabelName, isMetricName, type Series } from '@labkeeper/core';
import { BACKSLASH, CLOSE, COMMA, EQUALS, OPEN, QUOTE, skipBlanks } from './characters.js';
import { LineFault } from './line-fault.js';

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads `name{label="value",…}`; `bytes[from…to)` holds nothing else. Throws a {@link LineFault}. Once per new series. */
export function parseSeries(bytes: Buffer, from: number, to: number): Series {
  const nameEnd = wordEnd(bytes, from, to);
  const name = bytes.toString('latin1', from, nameEnd);
  if (!isMetricName(name)) throw new LineFault(from, 'a metric name is missing here');
  const labels: Record<string, string> = {};
  const open = skipBlanks(bytes, nameEnd, to);
  if (open === to) return { name, labels };
  if (bytes[open] !== OPEN) throw new LineFault(open, 'a metric name has only letters, digits, _ and :');
  new LabelsReader(bytes, open + 1, to).readInto(labels);
  return { name, labels };
}

class LabelsReader {
  readonly #bytes: Buffer;
  readonly #to: number;
  #at: number;

  constructor(bytes: Buffer, from: number, to: number) {
    this.#bytes = bytes;
    this.#at = from;
    this.#to = to;
  }

  readInto(labels: Record<string, string>): void {
    // A comma may stand behind the last label, too.
    while (this.#next() !== CLOSE) {
      const nameAt = this.#at;
      const name = this.#name();
      if (Object.hasOwn(labels, name)) throw new LineFault(nameAt, 'this label was there before');
      if (this.#next() !== EQUALS) throw new LineFault(this.#at, "'=' is missing behind the name of a label");
      this.#at += 1;
      labels[name] = this.#value();
      if (this.#next() === COMMA) this.#at += 1;
      else if (this.#next() !== CLOSE) throw new LineFault(this.#at, "',' or '}' is missing behind a label");
    }
  }

  /** The next byte that is no blank; undefined behind the end. */
  #next(): number | undefined {
    this.#at = skipBlanks(this.#bytes, this.#at, this.#to);
    return this.#at < this.#to ? this.#bytes[this.#at] : undefined;
  }

  #name(): string {
    const from = this.#at;
    this.#at = wordEnd(this.#bytes, from, this.#to);
    const name = this.#bytes.toString('latin1', from, this.#at);
    if (name.startsWith('__')) throw new LineFault(from, "names of labels that begin with '__' are reserved");
    if (!isLabelName(name)) throw new LineFault(from, 'the name of a label is missing here');
    return name;
  }

  #value(): string {
    if (this.#next() !== QUOTE) throw new LineFault(this.#at, 'the value of a label stands in double quotes');
    const from = this.#at + 1;
    let [at, isEscaped] = [from, false];
    for (; at < this.#to && this.#bytes[at] !== QUOTE; at++) {
      if (this.#bytes[at] !== BACKSLASH) continue;
      isEscaped = true;
      at++;
    }
    if (at >= this.#to) throw new LineFault(this.#at, 'the value of this label has no end');
    this.#at = at + 1;
    return isEscaped ? unescaped(this.#text(from, at)) : this.#text(from, at);
  }

  #text(from: number, to: number): string {
    try {
      return UTF_8.decode(this.#bytes.subarray(from, to));
    } catch {
      throw new LineFault(from, 'the value of this label is not UTF-8');
    }
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
