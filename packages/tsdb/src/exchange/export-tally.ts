import { type Series, seriesKey } from '@labkeeper/core';
import type { ExportReport, SampleExport } from './sample-ports.js';

/** Counts what an export writes. Series arrive with all their pieces in a row, so the last one is enough to know a new one. */
export class ExportTally implements ExportReport {
  series = 0;
  samples = 0;
  leftOut = 0;
  #last = '';

  wrote({ name, labels }: Series, samples: number): void {
    this.samples += samples;
    const key = seriesKey(name, labels);
    if (samples === 0 || key === this.#last) return;
    this.#last = key;
    this.series += 1;
  }
}

/** Gives the pieces that `write` makes together with what it counts. */
export function tallied<Piece>(write: (tally: ExportTally) => AsyncGenerator<Piece>): SampleExport<Piece> {
  const tally = new ExportTally();
  const pieces = write(tally);
  return { report: tally, [Symbol.asyncIterator]: () => pieces };
}
