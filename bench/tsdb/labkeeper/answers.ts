import type { Labels, Matcher, SampleStore, SeriesSamples } from '@labkeeper/core';

/** A question, without an expression language: which metric of which host, and what to do with it. */
export interface QueryParameters {
  readonly kind: 'steps' | 'averages' | 'latest';
  readonly name?: string;
  readonly instance?: string;
  readonly start: string;
  readonly end: string;
  readonly step: string;
}

/** As in PromQL: a sample counts for so long when no newer one comes. */
const LOOK_BACK_MS = 300_000;

/** What Prometheus would answer to the same question, in its form. */
export async function answerQuery(samples: SampleStore, query: QueryParameters): Promise<string> {
  const { name, instance, kind } = query;
  const [fromMs, toMs, stepMs] = [Number(query.start), Number(query.end), Number(query.step)];
  const matchers: Matcher[] = [{ label: 'job', operator: '=', value: 'node' }];
  if (name !== undefined) matchers.push({ label: '__name__', operator: '=', value: name });
  if (instance !== undefined) matchers.push({ label: 'instance', operator: '=', value: instance });
  const span = { fromMs, toMs, stepMs };
  if (kind === 'latest') return asVector(await samples.latest(matchers, toMs - LOOK_BACK_MS));
  if (kind === 'averages') return asMatrix(await averages(samples, matchers, span));
  const found = await samples.select(matchers, fromMs - LOOK_BACK_MS + 1, toMs);
  return asMatrix(
    found.map(({ series, ...columns }) => ({ labels: series.labels, values: atSteps(columns, span), span })),
  );
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

/** One value for each step, NaN for none. */
interface Line {
  readonly labels: Labels;
  readonly values: Float64Array;
  readonly span?: Span;
}

/** The last value before each step. */
function atSteps(
  { timesMs, values }: Pick<SeriesSamples, 'timesMs' | 'values'>,
  { fromMs, toMs, stepMs }: Span,
): Float64Array {
  const found = new Float64Array(Math.floor((toMs - fromMs) / stepMs) + 1).fill(Number.NaN);
  for (let step = 0, row = -1; step < found.length; step++) {
    const atMs = fromMs + step * stepMs;
    while (row + 1 < timesMs.length && (timesMs[row + 1] as number) <= atMs) row++;
    if (row >= 0 && (timesMs[row] as number) > atMs - LOOK_BACK_MS) found[step] = values[row] as number;
  }
  return found;
}

/** The mean over the series of each host at each step. */
async function averages(
  samples: SampleStore,
  matchers: readonly Matcher[],
  span: Span,
): Promise<readonly Line[]> {
  const { series } = await samples.rollup(matchers, span);
  const hosts = new Map<string, { sums: Float64Array; counts: Float64Array }>();
  const steps = Math.floor((span.toMs - span.fromMs) / span.stepMs) + 1;
  for (const { series: one, timesMs, last } of series) {
    const host = one.labels.instance ?? '';
    let sum = hosts.get(host);
    if (!sum) hosts.set(host, (sum = { sums: new Float64Array(steps), counts: new Float64Array(steps) }));
    for (let row = 0; row < timesMs.length; row++) {
      const step = ((timesMs[row] as number) - span.fromMs) / span.stepMs;
      (sum.sums[step] as number) += last[row] as number;
      (sum.counts[step] as number) += 1;
    }
  }
  return [...hosts].map(([instance, { sums, counts }]) => ({
    labels: { instance },
    values: sums.map((sum, step) => sum / (counts[step] as number)),
    span,
  }));
}

function asMatrix(lines: readonly Line[]): string {
  const texts = lines.map(({ labels, values, span }) => {
    const [fromMs, stepMs] = [span?.fromMs ?? 0, span?.stepMs ?? 1];
    let pairs = '';
    for (let step = 0; step < values.length; step++) {
      const value = values[step] as number;
      if (!Number.isNaN(value))
        pairs += `${pairs === '' ? '' : ','}[${(fromMs + step * stepMs) / 1_000},"${value}"]`;
    }
    return `{"metric":${JSON.stringify(labels)},"values":[${pairs}]}`;
  });
  return `{"status":"success","data":{"resultType":"matrix","result":[${texts.join(',')}]}}`;
}

function asVector(found: readonly SeriesSamples[]): string {
  const texts = found.map(
    ({ series, timesMs, values }) =>
      `{"metric":${JSON.stringify(series.labels)},"value":[${(timesMs[0] as number) / 1_000},"${values[0]}"]}`,
  );
  return `{"status":"success","data":{"resultType":"vector","result":[${texts.join(',')}]}}`;
}
