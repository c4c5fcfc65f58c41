import type { AppendOutcome, Series } from '@labkeeper/core';
import {
  END_MARK,
  HASH,
  LineFault,
  SampleReader,
  SeriesReader,
  skipBlanks,
  type TextFormat,
} from '@labkeeper/exposition';
import { type Arriving, bytesOf } from './bytes-of.js';
import { FaultList, type TextFault } from './line-fault.js';
import { LineReader } from './line-reader.js';
import { RowBatch } from './row-batch.js';
import type { SampleTarget } from './sample-ports.js';

/** What an import of text came to. */
export interface TextImportReport extends AppendOutcome {
  /** Samples that were read and handed to the store. */
  readonly samples: number;
  /** Lines that were skipped because they cannot be read. */
  readonly faulty: number;
  /** The first 20 of them. */
  readonly faults: readonly TextFault[];
  /** False when the file was cut off: OpenMetrics without `# EOF`, the older format without a last line feed. */
  readonly isComplete: boolean;
}

/**
 * Reads OpenMetrics text, or the older text format of Prometheus, and hands its samples to the store in batches. Lines
 * that cannot be read are skipped and told of. Rejects when the store or the file does; what was read before is kept.
 */
export async function importOpenMetrics(
  arriving: Arriving,
  target: SampleTarget,
  { format }: { readonly format: TextFormat },
): Promise<TextImportReport> {
  const rows = new RowBatch(target);
  const text = new TextImport(format, rows);
  for await (const slice of bytesOf(arriving)) {
    text.lines.arrive(slice);
    while (text.lines.next()) {
      text.takeLine();
      if (rows.isFull) await rows.flush();
    }
  }
  text.takeRest();
  await rows.flush();
  return {
    ...rows.outcome,
    faulty: text.faults.count,
    faults: text.faults.told,
    isComplete: text.isComplete,
  };
}

/** Goes through the lines: which are samples, which are comments, which is the end. */
class TextImport {
  readonly lines = new LineReader();
  readonly faults = new FaultList();
  readonly #format: TextFormat;
  readonly #rows: RowBatch;
  readonly #sample: SampleReader<Series>;
  #hasEnded = false;
  #isCutOff = false;

  constructor(format: TextFormat, rows: RowBatch) {
    this.#format = format;
    this.#rows = rows;
    const series = new SeriesReader({ names: 'storable', make: (found) => found });
    this.#sample = new SampleReader({ format, times: 'required', series });
  }

  get isComplete(): boolean {
    return this.#format === 'openmetrics' ? this.#hasEnded : !this.#isCutOff;
  }

  takeLine(): void {
    const { lines } = this;
    try {
      this.#read(lines.bytes, lines.from, lines.to);
    } catch (error) {
      if (!(error instanceof LineFault)) throw error;
      const line = lines.bytes.subarray(lines.from, lines.to);
      this.faults.add(lines.number, line, { from: lines.from, fault: error });
    }
  }

  /** What stands behind the last line feed. Only the end mark needs none: half a number looks like a whole one. */
  takeRest(): void {
    if (!this.lines.rest()) return;
    this.#isCutOff = true;
    this.takeLine();
  }

  #read(bytes: Buffer, from: number, to: number): void {
    if (this.lines.isTooLong) throw new LineFault(from, 'this line is longer than 1 MB');
    const start = skipBlanks(bytes, from, to);
    if (start === to) return;
    if (this.#hasEnded) throw new LineFault(start, `nothing may follow '${END_MARK}'`);
    if (bytes[start] === HASH) {
      this.#hasEnded = this.#format === 'openmetrics' && bytes.toString('latin1', from, to) === END_MARK;
      return;
    }
    if (this.#isCutOff) throw new LineFault(to, 'the file was cut off within this line');
    const series = this.#sample.read(bytes, start, to);
    this.#rows.add(series, this.#sample.timeMs, this.#sample.value);
  }
}
