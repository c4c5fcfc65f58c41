/** A name further away than this share of its length was not a slip of the finger. */
const MAX_DISTANCE_SHARE = 0.4;

/**
 * The allowed name that was probably meant, or undefined when none is close. Counts swapped neighbours as one slip
 * (optimal string alignment, the restricted Damerau-Levenshtein distance). Called once per fault.
 */
export function nearestName(found: string, allowed: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(Math.max(found.length, 3) * MAX_DISTANCE_SHARE)) + 1;
  for (const name of allowed) {
    const distance = editDistance(found.toLowerCase(), name.toLowerCase());
    if (distance < least) [nearest, least] = [name, distance];
  }
  return nearest;
}

function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      let best = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + cost,
      );
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isSwap) best = Math.min(best, (beforePrevious[column - 2] ?? 0) + 1);
      current.push(best);
    }
    [beforePrevious, previous] = [previous, current];
  }
  return previous[b.length] ?? 0;
}
