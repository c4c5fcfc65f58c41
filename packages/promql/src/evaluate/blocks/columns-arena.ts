/** Columns of up to so many numbers are cut from a larger piece. */
const SMALL_COLUMN = 512;
const PIECE = 8_192;

let piece = new Float64Array(PIECE);
let used = 0;

/**
 * A column of zeros. Small ones are cut from a common piece, of which no part is given twice: a typed array of its own costs more than a
 * small rule computes. Called for every operation of every evaluation.
 */
export function newColumn(length: number): Float64Array {
  if (length > SMALL_COLUMN) return new Float64Array(length);
  if (used + length > PIECE) {
    piece = new Float64Array(PIECE);
    used = 0;
  }
  const from = used;
  used += length;
  return piece.subarray(from, used);
}
