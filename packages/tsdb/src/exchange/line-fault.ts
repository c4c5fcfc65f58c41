import { type LineFault, type LinePlace, placeIn } from '@labkeeper/exposition';

/** A place in an imported text where it is not as it should be. */
export interface TextFault extends LinePlace {
  /** Begins at 1. */
  readonly line: number;
  readonly says: string;
}

/** As many as somebody reads before mending the file; the rest is only counted. */
const TOLD_FAULTS = 20;

/** Counts faulty lines and keeps the first ones for the report. */
export class FaultList {
  readonly told: TextFault[] = [];
  count = 0;

  /** `line` are the bytes of the line, of which the first stands at `from`; `fault.at` is counted as `from` is. */
  add(number: number, line: Uint8Array, { from, fault }: { from: number; fault: LineFault }): void {
    this.count += 1;
    if (this.told.length === TOLD_FAULTS) return;
    this.told.push({ line: number, ...placeIn(line, fault.at - from), says: fault.says });
  }
}
