import { DropFailure, type Labels } from '@labkeeper/core';

/** One value of one series. `name` stands among the labels as `__name__`, as Prometheus tells it. */
export interface RemoteRow {
  readonly labels: Labels;
  readonly timeMs: number;
  readonly value: number;
}

/** One series over time: row `i` is (`timesMs[i]`, `values[i]`). */
export interface RemoteSeries {
  readonly labels: Labels;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

/** The answer to a query, by its type. */
export type RemoteResult =
  | { readonly type: 'vector'; readonly rows: readonly RemoteRow[] }
  | { readonly type: 'matrix'; readonly series: readonly RemoteSeries[] }
  | { readonly type: 'scalar'; readonly timeMs: number; readonly value: number }
  | { readonly type: 'string'; readonly timeMs: number; readonly text: string };

/** Reads `data` of an answer to a query. Throws RESPONSE_MALFORMED for another form. */
export function parseResult(data: unknown): RemoteResult {
  const { resultType, result } = recordOf(data, 'data');
  switch (resultType) {
    case 'vector':
      return { type: 'vector', rows: listOf(result, 'result').map(parseRow) };
    case 'matrix':
      return { type: 'matrix', series: listOf(result, 'result').map(parseSeries) };
    case 'scalar': {
      const [timeMs, text] = parsePair(result);
      return { type: 'scalar', timeMs, value: parseValue(text) };
    }
    case 'string': {
      const [timeMs, text] = parsePair(result);
      return { type: 'string', timeMs, text };
    }
    default:
      throw malformed(`the result has the type ${JSON.stringify(resultType)}`);
  }
}

/** Reads a set of labels. */
export function parseLabels(found: unknown): Labels {
  const labels = recordOf(found, 'a set of labels');
  if (!Object.values(labels).every((value) => typeof value === 'string'))
    throw malformed('the value of a label is not a text');
  return labels as Labels;
}

/** Reads a list of texts. */
export function parseTexts(found: unknown): readonly string[] {
  return listOf(found, 'data').map((text) => {
    if (typeof text !== 'string') throw malformed('the list has something that is not a text');
    return text;
  });
}

export function listOf(found: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(found)) throw malformed(`${what} is not a list`);
  return found as readonly unknown[];
}

export function recordOf(found: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof found !== 'object' || found === null || Array.isArray(found))
    throw malformed(`${what} is not a mapping`);
  return found as Readonly<Record<string, unknown>>;
}

function parseRow(found: unknown): RemoteRow {
  const { metric, value } = recordOf(found, 'a row');
  const [timeMs, text] = parsePair(value);
  return { labels: parseLabels(metric), timeMs, value: parseValue(text) };
}

function parseSeries(found: unknown): RemoteSeries {
  const { metric, values, histograms } = recordOf(found, 'a series');
  if (histograms !== undefined) throw malformed('native histograms are not understood');
  const pairs = listOf(values, 'values').map(parsePair);
  return {
    labels: parseLabels(metric),
    timesMs: Float64Array.from(pairs, ([timeMs]) => timeMs),
    values: Float64Array.from(pairs, ([, text]) => parseValue(text)),
  };
}

/** `[seconds, "value"]`. */
function parsePair(found: unknown): readonly [timeMs: number, text: string] {
  if (found === undefined) throw malformed('a row has no value; native histograms are not understood');
  const [seconds, text] = listOf(found, 'a value');
  if (typeof seconds !== 'number' || typeof text !== 'string')
    throw malformed('a value is not [seconds, "text"]');
  return [Math.round(seconds * 1_000), text];
}

const WORDS: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['+Inf', Number.POSITIVE_INFINITY],
  ['Inf', Number.POSITIVE_INFINITY],
  ['-Inf', Number.NEGATIVE_INFINITY],
]);

function parseValue(text: string): number {
  const value = WORDS.get(text) ?? Number(text);
  if (Number.isNaN(value) && text !== 'NaN') throw malformed(`'${text}' is not a number`);
  return value;
}

function malformed(reason: string): DropFailure {
  return new DropFailure('RESPONSE_MALFORMED', `The answer is not one of Prometheus: ${reason}.`);
}
