import { differenceBetween, toleranceFor } from '../promql-differential/compare.js';
import { askApi } from '../promql-differential/prometheus.js';
import { ADMIN_KEY } from '../running-host.js';

const EXPRESSIONS = [
  'up',
  'room_celsius',
  'sum by (code) (rate(visits_total[20s]))',
  'histogram_quantile(0.9, sum by (le) (rate(visit_seconds_bucket[20s])))',
  'avg_over_time(room_celsius[15s]) - on (room) group_left room_celsius',
  'max_over_time((room_celsius * 2)[20s:2s])',
  'topk(2, room_celsius) or absent(nothing_of_the_kind)',
  'count by (job) ({job=~".+"})',
  'increase(visits_total{code="200"}[15s]) > bool 10',
  'ALERTS{alertstate="firing"}',
  'label_replace(room_celsius, "floor", "$1", "room", "(a|c).*")',
];

/**
 * Asks both the same for the same moment. Gives a function, to be called until the newest samples have arrived, that says what is different.
 */
export async function differingAnswers(
  prometheus: string,
  labkeeper: string,
): Promise<() => Promise<readonly string[]>> {
  const theirs = `${prometheus}/api/v1`;
  const ours = `${labkeeper}/prometheus/api/v1`;
  const atMs = await quietMoment(theirs);
  const spans = [
    { fromMs: atMs, toMs: atMs, stepMs: 0 },
    { fromMs: atMs - 10_000, toMs: atMs, stepMs: 2_000 },
  ];
  return async () => {
    const differing: string[] = [];
    for (const text of EXPRESSIONS)
      for (const span of spans) {
        const asked = { text, ...span };
        const [left, right] = await Promise.all([
          askApi(ours, asked, { 'x-api-key': ADMIN_KEY }),
          askApi(theirs, asked),
        ]);
        const difference = differenceBetween(left, right, {
          isOrdered: false,
          tolerance: toleranceFor(text),
        });
        if ('series' in right && right.series.length === 0)
          differing.push(`${text}: there is nothing to compare`);
        if (difference !== undefined) differing.push(`${text} (step ${span.stepMs}): ${difference}`);
      }
    return differing;
  };
}

/**
 * A moment at whose place in the second nothing was scraped: all edges of windows lie there, and Prometheus 3 changed on which edge a sample
 * counts. Scrapes have their own place, but on a busy machine some are late.
 */
async function quietMoment(root: string): Promise<number> {
  const nowMs = Date.now();
  const answer = await askApi(root, { text: 'up[1m]', fromMs: nowMs, toMs: nowMs, stepMs: 0 });
  const times = 'series' in answer ? answer.series.flatMap(({ timesMs }) => Array.from(timesMs)) : [];
  const taken = new Set(times.map((timeMs) => timeMs % 1_000));
  let atMs = nowMs;
  while (taken.has(atMs % 1_000)) atMs -= 1;
  return atMs;
}
