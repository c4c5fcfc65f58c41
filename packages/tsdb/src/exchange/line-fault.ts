/** Says what is wrong with a line. Thrown by its readers; never leaves the import. */
export class LineFault extends Error {
  /** `at` is the index of the byte where the reader stopped. */
  constructor(
    readonly at: number,
    readonly says: string,
  ) {
    super(says);
  }
}

/** A place in an imported text where it is not as it should be. */
export interface TextFault {
  /** Begins at 1, as does the column; that counts characters (UTF-16 units), as editors do. */
  readonly line: number;
  readonly column: number;
  /** The line from that place on, at most 40 characters; empty at its end. */
  readonly found: string;
  readonly says: string;
}

/** As many as somebody reads before mending the file; the rest is only counted. */
const TOLD_FAULTS = 20;
const FOUND_CHARACTERS = 40;
/** A character of UTF-8 has at most four bytes. */
const FOUND_BYTES = FOUND_CHARACTERS * 4;

/** Counts faulty lines and keeps the first ones for the report. */
export class FaultList {
  readonly told: TextFault[] = [];
  count = 0;

  /** `line` are the bytes of the line, `fault.at` an index into them. */
  add(number: number, line: Uint8Array, { at, says }: LineFault): void {
    this.count += 1;
    if (this.told.length === TOLD_FAULTS) return;
    this.told.push({
      line: number,
      column: textOf(line.subarray(0, at)).length + 1,
      found: excerpt(line, at),
      says,
    });
  }
}

function excerpt(line: Uint8Array, at: number): string {
  return [...textOf(line.subarray(at, at + FOUND_BYTES))].slice(0, FOUND_CHARACTERS).join('');
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
