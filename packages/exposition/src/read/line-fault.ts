/** Says what is wrong with a line. Thrown by its readers; whoever has the lines makes a message of it. */
export class LineFault extends Error {
  /** `at` is the index of the byte where the reader stopped. */
  constructor(
    readonly at: number,
    readonly says: string,
  ) {
    super(says);
  }
}

const FOUND_CHARACTERS = 40;
/** A character of UTF-8 has at most four bytes. */
const FOUND_BYTES = FOUND_CHARACTERS * 4;

/** A place in a line, for people. */
export interface LinePlace {
  /** Begins at 1 and counts characters (UTF-16 units), as editors do. */
  readonly column: number;
  /** The line from that place on, at most 40 characters; empty at its end. */
  readonly found: string;
}

/** Where a reader stopped: `line` are the bytes of the line, `at` an index into them. */
export function placeIn(line: Uint8Array, at: number): LinePlace {
  return { column: textOf(line.subarray(0, at)).length + 1, found: excerpt(line, at) };
}

function excerpt(line: Uint8Array, at: number): string {
  return [...textOf(line.subarray(at, at + FOUND_BYTES))].slice(0, FOUND_CHARACTERS).join('');
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
