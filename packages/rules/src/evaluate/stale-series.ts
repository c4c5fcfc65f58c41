import { type Sample, type Series, STALENESS_MARK, seriesKey } from '@labkeeper/core';

/** The series of these samples by their keys. */
export function seriesOf(samples: readonly Sample[]): Map<string, Series> {
  return new Map(samples.map(({ name, labels = {} }) => [seriesKey(name, labels), { name, labels }]));
}

/** Marks for the series that were written before and are not now. Also for rules that have been taken away, with an empty `now`. */
export function stalenessMarks(
  before: ReadonlyMap<string, Series>,
  now: ReadonlyMap<string, Series>,
  timeMs: number,
): Sample[] {
  const marks: Sample[] = [];
  for (const [key, { name, labels }] of before)
    if (!now.has(key)) marks.push({ name, labels, timeMs, value: STALENESS_MARK });
  return marks;
}
