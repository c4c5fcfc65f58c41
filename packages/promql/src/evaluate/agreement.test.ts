import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PromqlError } from '../promql-error.js';
import type { QueryResult } from '../result.js';
import type { Expression } from '../syntax/expression.js';
import { parseExpression } from '../syntax/parse-expression.js';
import { randomExpression } from '../syntax/testing/random-expression.js';
import { evaluateInstant, evaluateInstantNow, evaluateRange } from './evaluate.js';
import { selectFrom, series, type TestValue } from './testing/memory-series.js';

const METRICS = ['a_total', 'b', 'c_bucket'];
const LABELS = { job: ['x', 'y'], le: ['0.5', '1', '+Inf'] };
const SPAN = { fromMs: 0, toMs: 600_000, stepMs: 120_000 };

const values = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: -5, max: 50 }) as fc.Arbitrary<TestValue> },
    {
      weight: 2,
      arbitrary: fc.constantFrom<TestValue>(undefined, 'stale', Number.NaN, Number.POSITIVE_INFINITY),
    },
  ),
  { minLength: 1, maxLength: 61 },
);

const store = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom(...METRICS),
      job: fc.constantFrom('x', 'y', ''),
      le: fc.constantFrom('', '0.5', '1', '+Inf'),
      values,
    }),
    { minLength: 1, maxLength: 12, selector: ({ name, job, le }) => `${name} ${job} ${le}` },
  )
  .map((all) => all.map(({ name, job, le, values: column }) => series(name, { job, le }, column)));

/** By seed: expressions shrink badly. */
const expressionText = fc
  .nat()
  .map((seed) => randomExpression({ random: seeded(seed), metrics: METRICS, labels: LABELS, depth: 3 }));

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Where nothing can be said of other steps: what is asked for once for the whole query. */
const SPEAKS_OF_THE_QUERY = /\b(?:start|end|step|range)\(\)|(?:topk|bottomk|quantile|limitk)\b/;

describe('any expression over any series', () => {
  it('gives in a range at each step what it gives at that time alone', async () => {
    await fc.assert(
      fc.asyncProperty(store, expressionText, async (all, text) => {
        fc.pre(!SPEAKS_OF_THE_QUERY.test(text));
        const expression = parseExpression(text);
        const select = async (selection: Parameters<typeof selectFrom>[1]) => selectFrom(all, selection);
        const ranged = await outcomeOf(() => evaluateRange(expression, SPAN, { select }));
        // What is faulty at one step makes the whole query fail.
        if (ranged === undefined) return;
        for (let timeMs = SPAN.fromMs; timeMs <= SPAN.toMs; timeMs += SPAN.stepMs) {
          const single = await evaluateInstant(expression, timeMs, { select });
          expect(pointsOf(single, timeMs), `${text} at ${timeMs}`).toEqual(pointsOf(ranged, timeMs));
        }
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it('gives the same at once, and the same again from what it remembers of other series', async () => {
    await fc.assert(
      fc.asyncProperty(store, store, expressionText, async (first, second, text) => {
        const used = parseExpression(text);
        for (const all of [first, second, first]) {
          const select = (selection: Parameters<typeof selectFrom>[1]) => selectFrom(all, selection);
          const atOnce = await outcomeOf(() => evaluateInstantNow(used, 300_000, { select }));
          const fresh = await outcomeOf(() => evaluateFresh(text, select));
          expect(atOnce, text).toEqual(fresh);
        }
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});

function evaluateFresh(
  text: string,
  select: (selection: Parameters<typeof selectFrom>[1]) => ReturnType<typeof selectFrom>,
) {
  const expression: Expression = parseExpression(text);
  return evaluateInstant(expression, 300_000, { select: async (selection) => select(selection) });
}

/** Undefined where the expression cannot be evaluated over these series. */
async function outcomeOf(
  evaluate: () => QueryResult | Promise<QueryResult>,
): Promise<QueryResult | undefined> {
  try {
    return await evaluate();
  } catch (error) {
    if (error instanceof PromqlError && error.kind === 'execution') return undefined;
    throw error;
  }
}

function pointsOf({ value }: QueryResult, timeMs: number): Record<string, number> {
  switch (value.type) {
    case 'scalar':
      return { '[]': value.value };
    case 'vector':
      return Object.fromEntries(value.values.map((each) => [keyOf(each.labels), each.value]));
    case 'matrix':
      return Object.fromEntries(
        value.series.flatMap(({ labels, timesMs, values: column }) => {
          const at = timesMs.indexOf(timeMs);
          return at < 0 ? [] : [[keyOf(labels), column[at] as number]];
        }),
      );
    case 'string':
      return {};
  }
}

function keyOf(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1)));
}
