import type { Matcher } from '@labkeeper/core';
import { PromqlError, parseSelector } from '@labkeeper/promql';
import { PrometheusFailure } from './answer.js';
import type { Parameters } from './parameters.js';

/** The selectors of `match[]`, each as its conditions. Throws bad_data for what is no selector. */
export function matchParameters(parameters: Parameters): readonly (readonly Matcher[])[] {
  return parameters.all('match[]').map(matchersOf);
}

function matchersOf(text: string): readonly Matcher[] {
  try {
    return parseSelector(text);
  } catch (error) {
    if (!(error instanceof PromqlError)) throw error;
    throw new PrometheusFailure('bad_data', `invalid parameter "match[]": ${error.message}`);
  }
}
