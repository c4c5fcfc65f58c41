import type { ClassicBuckets } from '../../functions/functions.js';
import { type SeriesIdentity, signatureWithout } from '../blocks/series-identity.js';
import type { VectorBlock } from '../blocks/values.js';

/** The series that are the buckets of one classic histogram. */
export interface HistogramGroup {
  /** Without name and bound. */
  readonly identity: SeriesIdentity;
  readonly name: string;
  readonly rows: readonly number[];
  /** Of each of the rows. */
  readonly upperBounds: readonly number[];
}

export interface Histograms {
  readonly groups: readonly HistogramGroup[];
  /** Rows that are no buckets, because they say no upper bound. */
  readonly withoutBound: readonly number[];
}

const BOUND_LABEL: ReadonlySet<string> = new Set(['le']);

/** Sorts series into histograms: they belong together when they agree in everything but the upper bound. */
export function findHistograms(series: readonly SeriesIdentity[]): Histograms {
  const groups = new Map<string, HistogramGroup & { rows: number[]; upperBounds: number[] }>();
  const withoutBound: number[] = [];
  series.forEach((each, row) => {
    const bound = parseBound(each.get('le'));
    if (bound === undefined) {
      withoutBound.push(row);
      return;
    }
    const signature = `${each.name}{${signatureWithout(each, BOUND_LABEL)}`;
    let group = groups.get(signature);
    if (!group) groups.set(signature, (group = newGroup(each)));
    group.rows.push(row);
    group.upperBounds.push(bound);
  });
  return { groups: [...groups.values()], withoutBound };
}

function newGroup(bucket: SeriesIdentity): HistogramGroup & { rows: number[]; upperBounds: number[] } {
  return { identity: bucket.withoutName().drop(BOUND_LABEL), name: bucket.name, rows: [], upperBounds: [] };
}

/** Gathers the buckets that a histogram has at a step. False when it has none. */
export function fillBuckets(
  { upperBounds, counts }: ClassicBuckets,
  group: HistogramGroup,
  { values, present, steps }: VectorBlock,
  step: number,
): boolean {
  upperBounds.length = 0;
  counts.length = 0;
  for (let at = 0; at < group.rows.length; at++) {
    const place = (group.rows[at] as number) * steps + step;
    if (present && present[place] === 0) continue;
    upperBounds.push(group.upperBounds[at] as number);
    counts.push(values[place] as number);
  }
  return counts.length > 0;
}

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const INFINITE = /^([+-]?)inf(?:inity)?$/i;

/** A bound as Go reads numbers. */
function parseBound(text: string): number | undefined {
  if (DECIMAL.test(text)) return Number(text);
  const infinite = INFINITE.exec(text);
  if (infinite) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return /^[+-]?nan$/i.test(text) ? Number.NaN : undefined;
}
