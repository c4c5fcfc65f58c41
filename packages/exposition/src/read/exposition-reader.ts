import type { Series } from '@labkeeper/core';
import { END_MARK, type TextFormat } from '../text-format.js';
import { HASH, skipBlanks } from './characters.js';
import { ExpositionFault, faultPlace } from './exposition-fault.js';
import { type FamilyLine, parseFamilyLine } from './family-line.js';
import { type ExpositionLimits, exceededLabelLimit } from './limits.js';
import { LineFault } from './line-fault.js';
import { SampleReader } from './sample-reader.js';
import { SeriesReader } from './series-reader.js';

/** Who is told what a text says, in the order of its lines. What it throws ends the reading. */
export interface ExpositionVisitor<Known> {
  /** `timeMs` is undefined where the text has no timestamp: it is of now. */
  sample(series: Known, value: number, timeMs: number | undefined): void;
  /** Left out, lines about families are passed over unread. */
  family?(line: FamilyLine): void;
}

export interface ExpositionReaderSetup<Known> {
  /** What to remember of a series. Called once for each text that stands before a value, not for each sample. */
  make(series: Series): Known;
  readonly limits?: ExpositionLimits;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** A limit is passed. Becomes an {@link ExpositionFault} with the place. */
class LimitPassed extends Error {}

/**
 * Reads what one target exposes, again and again: the lines of a target are mostly those of the scrape before, so each
 * known line costs one comparison of bytes, and no object. What is remembered is bounded to 64 MB.
 */
export class ExpositionReader<Known> {
  readonly #series: SeriesReader<Known>;
  readonly #limits: ExpositionLimits;
  #line = 0;
  #from = 0;
  #to = 0;
  #samples = 0;
  #hasEnded = false;

  constructor({ make, limits = {} }: ExpositionReaderSetup<Known>) {
    this.#limits = limits;
    this.#series = new SeriesReader({
      names: 'any',
      make: (series) => {
        const exceeded = exceededLabelLimit(series.labels, limits);
        if (exceeded !== undefined) throw new LimitPassed(exceeded);
        return make(series);
      },
    });
  }

  /**
   * Reads a whole text. Throws an {@link ExpositionFault} at the first fault; what stands before it has been told.
   * Text without a last line feed is taken; OpenMetrics without `# EOF` is not.
   */
  read(body: string | Uint8Array, format: TextFormat, visitor: ExpositionVisitor<Known>): void {
    const bytes = bufferOf(body);
    [this.#line, this.#from, this.#to, this.#samples, this.#hasEnded] = [1, 0, 0, 0, false];
    try {
      this.#readLines(bytes, format, visitor);
    } catch (error) {
      throw this.#located(error, bytes);
    }
  }

  /** Remembers no series any more. */
  forget(): void {
    this.#series.forget();
  }

  #readLines(bytes: Buffer, format: TextFormat, visitor: ExpositionVisitor<Known>): void {
    const most = this.#limits.bytes ?? Number.POSITIVE_INFINITY;
    if (bytes.length > most) throw new LimitPassed(`the text has ${bytes.length} bytes, allowed are ${most}`);
    const reader = new SampleReader<Known>({ format, times: 'optional', series: this.#series });
    for (let next = 0; next < bytes.length; this.#line++) {
      this.#from = next;
      next = this.#endLine(bytes);
      this.#readLine(bytes, { format, visitor, reader });
    }
    if (format === 'openmetrics' && !this.#hasEnded) {
      this.#from = this.#to = bytes.length;
      throw new LineFault(bytes.length, `the end mark '${END_MARK}' is missing: the text was cut off`);
    }
  }

  /** Finds the end of the line that begins at `#from`; returns where the next one begins. */
  #endLine(bytes: Buffer): number {
    const found = bytes.indexOf(LINE_FEED, this.#from);
    const end = found < 0 ? bytes.length : found;
    // Of exporters that run on Windows.
    this.#to = end > this.#from && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
    return end + 1;
  }

  #readLine(
    bytes: Buffer,
    {
      format,
      visitor,
      reader,
    }: { format: TextFormat; visitor: ExpositionVisitor<Known>; reader: SampleReader<Known> },
  ): void {
    const to = this.#to;
    const at = skipBlanks(bytes, this.#from, to);
    if (at === to) return;
    if (this.#hasEnded) throw new LineFault(at, `nothing may follow '${END_MARK}'`);
    if (bytes[at] !== HASH) {
      const known = reader.read(bytes, at, to);
      this.#count();
      return visitor.sample(known, reader.value, reader.hasTime ? reader.timeMs : undefined);
    }
    if (format === 'openmetrics' && bytes.toString('latin1', this.#from, to) === END_MARK)
      this.#hasEnded = true;
    else if (visitor.family) {
      const line = parseFamilyLine(bytes, at, to);
      if (line) visitor.family(line);
    }
  }

  #count(): void {
    this.#samples += 1;
    const most = this.#limits.samples ?? Number.POSITIVE_INFINITY;
    if (this.#samples > most)
      throw new LimitPassed(`there are more samples than the ${most} that are allowed`);
  }

  #located(error: unknown, bytes: Buffer): unknown {
    const isLimit = error instanceof LimitPassed;
    if (!isLimit && !(error instanceof LineFault)) return error;
    const [line, from, to] = [this.#line, this.#from, this.#to];
    const place = faultPlace(bytes, { line, from, to, at: isLimit ? from : error.at });
    return isLimit
      ? new ExpositionFault('RESPONSE_TOO_LARGE', error.message, place)
      : new ExpositionFault('RESPONSE_MALFORMED', error.says, place);
  }
}

function bufferOf(body: string | Uint8Array): Buffer {
  return typeof body === 'string'
    ? Buffer.from(body)
    : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
