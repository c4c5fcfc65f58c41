/** Below this share of common letter pairs two words have nothing to do with each other. */
const LEAST_LIKENESS = 0.4;

/** The allowed key that was probably meant: the one that shares most pairs of letters (Sørensen–Dice). Called once per fault. */
export function nearestKey(found: string, allowed: readonly string[]): string | undefined {
  const rated = allowed.map((key) => ({ key, likeness: likeness(found, key) }));
  const best = rated.reduce((a, b) => (b.likeness > a.likeness ? b : a), { key: '', likeness: 0 });
  return best.likeness >= LEAST_LIKENESS ? best.key : undefined;
}

function likeness(a: string, b: string): number {
  const left = letterPairs(a);
  const right = letterPairs(b);
  const common = [...left].filter((pair) => right.has(pair)).length;
  return (2 * common) / (left.size + right.size);
}

function letterPairs(word: string): Set<string> {
  const framed = `^${word.toLowerCase()}$`;
  return new Set(Array.from({ length: framed.length - 1 }, (_, index) => framed.slice(index, index + 2)));
}
