/** Prometheus' staleness mark: a NaN with this payload says that a series has ended (`value.StaleNaN`). */
const STALENESS_BITS = 0x7ff0000000000002n;

const cell = new Float64Array(1);
const bits = new BigUint64Array(cell.buffer);
/** The same as two halves: comparing numbers is cheaper than making a bigint per sample. Little-endian, as every platform of Node is. */
const words = new Uint32Array(cell.buffer);
const LOW_WORD = 2;
const HIGH_WORD = 0x7ff00000;

bits[0] = STALENESS_BITS;
/**
 * The value to append when a series ends. It is a signalling NaN: typed arrays, object properties and arguments keep it, while arithmetic
 * and plain arrays of numbers turn it into an ordinary NaN.
 */
export const STALENESS_MARK: number = cell[0] as number;

/** True for the mark, false for every other value, ordinary NaN included. Called for every NaN that is read. */
export function isStalenessMark(value: number): boolean {
  if (!Number.isNaN(value)) return false;
  cell[0] = value;
  return words[0] === LOW_WORD && words[1] === HIGH_WORD;
}
