/** One line of a scrape. */
export interface ScrapedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Reads the text of /metrics, as far as the bench needs it. */
export function parseExposition(text: string): readonly ScrapedSample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = LINE.exec(line) ?? [];
    if (name === undefined || value === undefined) return [];
    const pairs = [...labels.matchAll(LABEL)].map(([, label = '', text = '']) => [label, text] as const);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value.replace('+Inf', 'Infinity')) }];
  });
}

/** Counts by upper bound of a histogram, of all its label sets together. */
function buckets(samples: readonly ScrapedSample[], name: string): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { labels, value } of samples.filter((sample) => sample.name === `${name}_bucket`)) {
    const bound = Number((labels.le ?? '').replace('+Inf', 'Infinity'));
    counts.set(bound, (counts.get(bound) ?? 0) + value);
  }
  return counts;
}

/**
 * A quantile of what a histogram counted between two scrapes, interpolated within its bucket as `histogram_quantile` does.
 * NaN when nothing was counted.
 */
export function quantileBetween(
  scrapes: { readonly before: readonly ScrapedSample[]; readonly after: readonly ScrapedSample[] },
  name: string,
  quantile: number,
): number {
  const before = buckets(scrapes.before, name);
  const counts = [...buckets(scrapes.after, name)]
    .map(([bound, count]) => ({ bound, count: count - (before.get(bound) ?? 0) }))
    .sort((a, b) => a.bound - b.bound);
  const rank = (counts.at(-1)?.count ?? 0) * quantile;
  if (!(rank > 0)) return Number.NaN;
  let lower = { bound: 0, count: 0 };
  for (const upper of counts) {
    if (upper.count >= rank) return interpolate(lower, upper, rank);
    lower = upper;
  }
  return Number.NaN;
}

interface Bucket {
  readonly bound: number;
  readonly count: number;
}

function interpolate(lower: Bucket, upper: Bucket, rank: number): number {
  if (upper.bound === Number.POSITIVE_INFINITY) return lower.bound;
  const share = (rank - lower.count) / (upper.count - lower.count);
  return lower.bound + (upper.bound - lower.bound) * share;
}
