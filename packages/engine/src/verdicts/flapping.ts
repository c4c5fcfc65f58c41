/**
 * Flap detection after Nagios ("Detection and Handling of State Flapping", Nagios Core documentation): of the last 21
 * results, how many of the 20 possible changes happened, newer ones weighing more. Above the high mark a check flaps, below
 * the low mark it has settled.
 */
const REMEMBERED_RESULTS = 21;
const OLDEST_WEIGHT = 0.8;
const NEWEST_WEIGHT = 1.2;
/** Some six changes in 21 results. Nagios' default is 20 % for services; a home network is less steady than a data centre. */
const HIGH_MARK = 0.3;
/** Some three. The distance between the marks keeps flapping itself from flapping. */
const LOW_MARK = 0.15;

/** The memory: the last results that said something of the target, oldest first, one letter each. */
export type ResultHistory = string;

/** Adds a result to the memory. */
export function remember(history: ResultHistory, letter: string): ResultHistory {
  return history.length < REMEMBERED_RESULTS ? history + letter : history.slice(1) + letter;
}

/** Whether a check with this memory flaps, given that it did or did not before. */
export function isFlapping(history: ResultHistory, before: boolean): boolean {
  // A young check has too few results for a share to mean anything.
  if (history.length < REMEMBERED_RESULTS) return before;
  const share = changeShare(history);
  return before ? share >= LOW_MARK : share >= HIGH_MARK;
}

function changeShare(history: ResultHistory): number {
  const changes = history.length - 1;
  let weighted = 0;
  for (let index = 1; index <= changes; index++) {
    if (history.charCodeAt(index) === history.charCodeAt(index - 1)) continue;
    weighted += OLDEST_WEIGHT + ((NEWEST_WEIGHT - OLDEST_WEIGHT) * (index - 1)) / (changes - 1);
  }
  return weighted / changes;
}
