import type { Series } from '@labkeeper/core';
import { HASH, skipBlanks, skipWord } from './characters.js';
import { LineFault } from './line-fault.js';
import { NumberReader } from './number-reader.js';
import { SeriesReader } from './series-reader.js';

/**
 * `openmetrics`: timestamps in seconds, exemplars behind them, `# EOF` at the end.
 * `prometheus-text`: the older format (version 0.0.4), timestamps in milliseconds.
 */
export type TextFormat = 'openmetrics' | 'prometheus-text';

const NO_SERIES: Series = { name: '', labels: {} };

/** Reads the lines that hold a sample. The last one is in the fields: there is no object per line. */
export class SampleReader {
  series: Series = NO_SERIES;
  value = 0;
  timeMs = 0;
  readonly #format: TextFormat;
  readonly #seriesReader = new SeriesReader();
  readonly #numbers = new NumberReader();

  constructor(format: TextFormat) {
    this.#format = format;
  }

  /** `from` is where the series begins. Throws a {@link LineFault}. */
  read(bytes: Buffer, from: number, to: number): void {
    this.series = this.#seriesReader.read(bytes, from, to);
    const valueAt = skipBlanks(bytes, this.#seriesReader.end, to);
    const valueEnd = skipWord(bytes, valueAt, to);
    if (valueAt === valueEnd) throw new LineFault(valueAt, 'the value is missing');
    this.value = this.#numbers.value(bytes, valueAt, valueEnd);
    const timeAt = skipBlanks(bytes, valueEnd, to);
    const timeEnd = skipWord(bytes, timeAt, to);
    if (timeAt === timeEnd || bytes[timeAt] === HASH)
      throw new LineFault(timeAt, 'the timestamp is missing: nobody knows when this was so');
    this.timeMs = this.#time(bytes, timeAt, timeEnd);
    this.#expectEnd(bytes, skipBlanks(bytes, timeEnd, to), to);
  }

  #time(bytes: Buffer, from: number, to: number): number {
    return this.#format === 'openmetrics'
      ? this.#numbers.secondsAsMs(bytes, from, to)
      : this.#numbers.milliseconds(bytes, from, to);
  }

  /** An exemplar is no sample of this series, whatever it holds. */
  #expectEnd(bytes: Buffer, at: number, to: number): void {
    if (at === to || (bytes[at] === HASH && this.#format === 'openmetrics')) return;
    throw new LineFault(at, 'the line should end here');
  }
}
