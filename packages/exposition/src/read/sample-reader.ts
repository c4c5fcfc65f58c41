import type { TextFormat } from '../text-format.js';
import { HASH, skipBlanks, skipWord } from './characters.js';
import { LineFault } from './line-fault.js';
import { NumberReader } from './number-reader.js';
import type { SeriesReader } from './series-reader.js';

/** What {@link SampleReader} reads, and how. */
export interface SampleReaderSetup<Known> {
  readonly format: TextFormat;
  /** Whether a line without a timestamp is a fault: in a file nobody knows when it was so; a scrape happens now. */
  readonly times: 'required' | 'optional';
  readonly series: SeriesReader<Known>;
}

/** Reads the lines that hold a sample. The last one is in the fields: there is no object per line. */
export class SampleReader<Known> {
  value = 0;
  /** Meaningless unless {@link hasTime}. */
  timeMs = 0;
  hasTime = false;
  readonly #setup: SampleReaderSetup<Known>;
  readonly #numbers = new NumberReader();

  constructor(setup: SampleReaderSetup<Known>) {
    this.#setup = setup;
  }

  /** Returns the series; `from` is where it begins. Throws a LineFault, and what the series reader throws. */
  read(bytes: Buffer, from: number, to: number): Known {
    const { series } = this.#setup;
    const known = series.read(bytes, from, to);
    const valueAt = skipBlanks(bytes, series.end, to);
    const valueEnd = skipWord(bytes, valueAt, to);
    if (valueAt === valueEnd) throw new LineFault(valueAt, 'the value is missing');
    this.value = this.#numbers.value(bytes, valueAt, valueEnd);
    this.#readTime(bytes, skipBlanks(bytes, valueEnd, to), to);
    return known;
  }

  #readTime(bytes: Buffer, timeAt: number, to: number): void {
    const timeEnd = skipWord(bytes, timeAt, to);
    this.hasTime = timeAt < timeEnd && bytes[timeAt] !== HASH;
    if (!this.hasTime) {
      if (this.#setup.times === 'required')
        throw new LineFault(timeAt, 'the timestamp is missing: nobody knows when this was so');
      return this.#expectEnd(bytes, timeAt, to);
    }
    this.timeMs =
      this.#setup.format === 'openmetrics'
        ? this.#numbers.secondsAsMs(bytes, timeAt, timeEnd)
        : this.#numbers.milliseconds(bytes, timeAt, timeEnd);
    this.#expectEnd(bytes, skipBlanks(bytes, timeEnd, to), to);
  }

  /** An exemplar is no sample of this series, whatever it holds. */
  #expectEnd(bytes: Buffer, at: number, to: number): void {
    if (at === to || (bytes[at] === HASH && this.#setup.format === 'openmetrics')) return;
    throw new LineFault(at, 'the line should end here');
  }
}
