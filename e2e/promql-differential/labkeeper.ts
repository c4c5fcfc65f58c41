import { compileMatchers, type SeriesSamples } from '@labkeeper/core';
import {
  type EvaluateOptions,
  evaluateInstant,
  evaluateInstantNow,
  evaluateRange,
  PromqlError,
  parseExpression,
  type QueryValue,
  type SelectSamplesNow,
} from '@labkeeper/promql';
import type { Answer, Asked } from './answer.js';

const LANGUAGE = { experimentalFunctions: true };
const RULE_INTERVAL_MS = 60_000;

/** Asks our evaluator over the same data in memory. Throws only what is no PromqlError: that is a fault of ours. */
export async function askLabkeeper(series: readonly SeriesSamples[], asked: Asked): Promise<Answer> {
  const select = selectFrom(series);
  const options: EvaluateOptions = { select: async (selection) => select(selection) };
  try {
    const expression = parseExpression(asked.text, LANGUAGE);
    const { value } =
      asked.stepMs === 0
        ? await evaluateInstant(expression, asked.fromMs, options)
        : await evaluateRange(expression, asked, options);
    return answerOf(value);
  } catch (error) {
    return refusal(error);
  }
}

/** The same as rules are evaluated: again and again with one expression, without a turn of the event loop. The last evaluation counts. */
export function askAsRule(series: readonly SeriesSamples[], { text, fromMs }: Asked): Answer {
  const options = { select: selectFrom(series) };
  try {
    const expression = parseExpression(text, LANGUAGE);
    try {
      evaluateInstantNow(expression, fromMs - RULE_INTERVAL_MS, options);
    } catch (error) {
      refusal(error);
    }
    return answerOf(evaluateInstantNow(expression, fromMs, options).value);
  } catch (error) {
    return refusal(error);
  }
}

function refusal(error: unknown): Answer {
  if (error instanceof PromqlError) return { type: 'error', kind: error.kind, message: error.message };
  throw error;
}

/** Reads as a store does: only the samples that a selector asks for. */
function selectFrom(all: readonly SeriesSamples[]): SelectSamplesNow {
  return ({ matchers, fromMs, toMs }) => {
    const accepts = compileMatchers(matchers);
    return all.filter(({ series }) => accepts(series)).map((one) => within(one, fromMs, toMs));
  };
}

function within({ series, timesMs, values }: SeriesSamples, fromMs: number, toMs: number): SeriesSamples {
  const first = timesMs.findIndex((timeMs) => timeMs >= fromMs);
  const from = first < 0 ? timesMs.length : first;
  const behind = timesMs.findIndex((timeMs) => timeMs > toMs);
  const to = behind < 0 ? timesMs.length : behind;
  return { series, timesMs: timesMs.slice(from, to), values: values.slice(from, to) };
}

function answerOf(value: QueryValue): Answer {
  switch (value.type) {
    case 'string':
      return { type: 'string', text: value.value };
    case 'scalar':
      return { type: 'scalar', series: [{ labels: {}, timesMs: [value.timeMs], values: [value.value] }] };
    case 'vector':
      return {
        type: 'vector',
        series: value.values.map((one) => ({
          labels: one.labels,
          timesMs: [one.timeMs],
          values: [one.value],
        })),
      };
    case 'matrix':
      return { type: 'matrix', series: value.series };
  }
}
