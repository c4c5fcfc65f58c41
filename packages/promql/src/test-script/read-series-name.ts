import { type Labels, METRIC_NAME_LABEL } from '@labkeeper/core';
import { readString } from '../syntax/read-string.js';
import { failAt } from '../syntax/source-text.js';

const BLANK = /[ \t\r\n]*/y;
const METRIC = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL = /[a-zA-Z_][a-zA-Z0-9_]*/y;

/** Labels, `__name__` among them, and where the text goes on behind them. */
export interface ReadSeriesName {
  readonly labels: Labels;
  readonly end: number;
}

/**
 * Reads `metric{label="value"}` at the beginning of a text; names may be quoted: `{"my.metric", "my.label"="value"}`.
 * Throws PromqlError `bad_data` with the place.
 */
export function readSeriesName(text: string): ReadSeriesName {
  return new NameReader(text).read();
}

class NameReader {
  private readonly labels: Record<string, string> = {};
  private at = 0;

  constructor(private readonly text: string) {}

  read(): ReadSeriesName {
    this.take(BLANK);
    const metric = this.take(METRIC);
    if (this.text[this.at] === '{') this.readLabels();
    else if (metric === '') this.fail('metric name or "{"');
    if (metric !== '') this.labels[METRIC_NAME_LABEL] = metric;
    return { labels: this.labels, end: this.at };
  }

  private readLabels(): void {
    this.at += 1;
    for (;;) {
      this.take(BLANK);
      if (this.takeMark('}')) return;
      this.readLabel();
      this.take(BLANK);
      if (!this.takeMark(',') && this.text[this.at] !== '}') this.fail('"," or "}"');
    }
  }

  private readLabel(): void {
    const isQuoted = this.isAtQuote();
    const name = isQuoted ? this.readText() : this.take(LABEL);
    if (name === '') this.fail('identifier or "}"');
    this.take(BLANK);
    if (!this.takeMark('=')) {
      if (!isQuoted) this.fail('"="');
      this.labels[METRIC_NAME_LABEL] = name;
      return;
    }
    this.take(BLANK);
    if (!this.isAtQuote()) this.fail('string');
    const value = this.readText();
    // An empty value is the same as no label.
    if (value !== '') this.labels[name] = value;
  }

  private isAtQuote(): boolean {
    return /^["'`]$/.test(this.text[this.at] ?? '');
  }

  private readText(): string {
    const read = readString(this.text, this.at);
    if ('fault' in read) return failAt(this.text, { start: this.at, end: read.end }, read.fault);
    this.at = read.end;
    return read.value;
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private takeMark(mark: string): boolean {
    if (this.text[this.at] !== mark) return false;
    this.at += 1;
    return true;
  }

  private fail(expected: string): never {
    const end = this.at >= this.text.length;
    const found = end ? 'end of input' : JSON.stringify(this.text[this.at]);
    failAt(
      this.text,
      { start: this.at, end: this.at + 1 },
      `unexpected ${found} in label set, expected ${expected}`,
    );
  }
}
