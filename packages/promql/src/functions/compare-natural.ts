const PIECES = /\d+|\D+/g;
const DIGITS = /^\d+$/;

/**
 * Order of sort_by_label: runs of digits count as numbers, so that `4m5` comes before `4m600` and `cpu2` before `cpu10`. Negative when `a`
 * comes first, 0 only for equal texts: numbers that differ in leading zeros alone are ordered as text, where Prometheus leaves it open.
 * Called for each comparison while sorting.
 */
export function compareNatural(a: string, b: string): number {
  const piecesOfA = a.match(PIECES) ?? [];
  const piecesOfB = b.match(PIECES) ?? [];
  const shared = Math.min(piecesOfA.length, piecesOfB.length);
  for (let index = 0; index < shared; index++) {
    const order = comparePieces(piecesOfA[index] as string, piecesOfB[index] as string);
    if (order !== 0) return order;
  }
  return piecesOfA.length - piecesOfB.length || compareText(a, b);
}

function comparePieces(a: string, b: string): number {
  return DIGITS.test(a) && DIGITS.test(b) ? compareDigits(a, b) : compareText(a, b);
}

/** By length and text, because label values may hold more digits than a double. */
function compareDigits(a: string, b: string): number {
  const digitsOfA = a.replace(/^0+/, '');
  const digitsOfB = b.replace(/^0+/, '');
  return digitsOfA.length - digitsOfB.length || compareText(digitsOfA, digitsOfB);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
