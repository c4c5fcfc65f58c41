import { LabkeeperError } from '@labkeeper/core';
import { type LinePlace, placeIn } from './line-fault.js';

/** A text that cannot be taken, and where. RESPONSE_MALFORMED when it is wrong, RESPONSE_TOO_LARGE when it passes a limit. */
export class ExpositionFault extends LabkeeperError {
  override readonly name = 'ExpositionFault';
  /** Begins at 1. */
  readonly line: number;
  /** Begins at 1 and counts characters. */
  readonly column: number;

  constructor(
    code: 'RESPONSE_MALFORMED' | 'RESPONSE_TOO_LARGE',
    says: string,
    { line, column, found }: LinePlace & { readonly line: number },
  ) {
    const shown = found === '' ? 'the end of the line' : `'${found}'`;
    super(code, `line ${line}, column ${column}: ${says}; found ${shown}`, { found });
    this.line = line;
    this.column = column;
  }
}

/** The place where a reader stopped, for {@link ExpositionFault}. `bytes[from…to)` is the line. */
export function faultPlace(
  bytes: Uint8Array,
  {
    line,
    from,
    to,
    at,
  }: { readonly line: number; readonly from: number; readonly to: number; readonly at: number },
): LinePlace & { readonly line: number } {
  return { line, ...placeIn(bytes.subarray(from, to), at - from) };
}
