import { type InstantValue, type Labels, labelsKey, METRIC_NAME_LABEL } from '@labkeeper/core';
import type { RangeSpan } from '../evaluate-options.js';
import type { QueryResult, QueryValue, RangeSeries } from '../result.js';
import { quoteText } from '../syntax/go-quote.js';
import { isAlmostEqual } from './almost-equal.js';
import type { EvalCommand, Expectation, ExpectationKind } from './script-command.js';
import type { NotedSeries, NotedValue } from './series-notation.js';

/** What is wrong with the answer to a case, or undefined where it is as expected. */
export type Complaint = string | undefined;

/** The expectations of one kind. */
export function expectationsOf(command: EvalCommand, kind: ExpectationKind): readonly Expectation[] {
  return command.expectations.filter((expectation) => expectation.kind === kind);
}

/** Whether an error is the expected one. */
export function checkFailure(command: EvalCommand, message: string): Complaint {
  for (const { accepts } of expectationsOf(command, 'fail')) {
    if (accepts !== undefined && !accepts.test(message)) {
      return `expected an error matching ${quoteText(accepts.shown)}, got: ${message}`;
    }
  }
  return undefined;
}

/** Whether warnings and infos are as expected. Kinds that are not mentioned do not matter. */
export function checkAnnotations(command: EvalCommand, { warnings, infos }: QueryResult): Complaint {
  return checkNotes(command, 'warn', warnings) ?? checkNotes(command, 'info', infos);
}

function checkNotes(command: EvalCommand, kind: 'warn' | 'info', notes: readonly string[]): Complaint {
  if (expectationsOf(command, `no_${kind}`).length > 0 && notes.length > 0) {
    return `unexpected ${kind} annotations: ${notes.join('; ')}`;
  }
  const wanted = expectationsOf(command, kind);
  if (wanted.length === 0) return undefined;
  if (notes.length === 0) return `expected ${kind} annotations, got none`;
  const missing = wanted.find(({ accepts }) => accepts !== undefined && !notes.some(accepts.test));
  if (missing !== undefined) {
    return `expected ${kind} annotation matching ${quoteText(missing.accepts?.shown ?? '')}, got: ${notes.join('; ')}`;
  }
  const unwanted = notes.find(
    (note) => !wanted.some(({ accepts }) => accepts === undefined || accepts.test(note)),
  );
  return unwanted === undefined ? undefined : `unexpected ${kind} annotation ${quoteText(unwanted)}`;
}

/** Whether the value of an evaluation is what the script says, in Prometheus' tolerance. `span` gives the times of noted values. */
export function checkValue(command: EvalCommand, value: QueryValue, span: RangeSpan): Complaint {
  switch (value.type) {
    case 'string':
      return value.value === command.text
        ? undefined
        : `expected string ${quoteText(command.text ?? '')}, got ${quoteText(value.value)}`;
    case 'scalar':
      return checkScalar(command, value.value);
    case 'vector':
      return checkVector(command, value.values);
    case 'matrix':
      return checkMatrix(command, value.series, span);
  }
}

function checkScalar({ scalar, series }: EvalCommand, got: number): Complaint {
  if (scalar === undefined) return `expected ${series.length} series, got scalar ${got}`;
  return isAlmostEqual(scalar, got) ? undefined : `expected scalar ${scalar}, got ${got}`;
}

function checkVector(command: EvalCommand, values: readonly InstantValue[]): Complaint {
  if (command.scalar !== undefined) return `expected scalar ${command.scalar}, got a vector`;
  const isOrdered = expectationsOf(command, 'ordered').length > 0;
  const missing = new Map(command.series.map((each, index) => [labelsKey(each.labels), { each, index }]));
  for (const [index, { labels, value }] of values.entries()) {
    const wanted = missing.get(labelsKey(labels));
    if (wanted === undefined) return `unexpected ${seriesText(labels)} with value ${value}`;
    missing.delete(labelsKey(labels));
    if (isOrdered && wanted.index !== index) {
      return `expected ${seriesText(labels)} at position ${wanted.index + 1}, got it at ${index + 1}`;
    }
    const [first] = wanted.each.values;
    if (typeof first !== 'number' || !isAlmostEqual(first, value)) {
      return `expected ${first} for ${seriesText(labels)}, got ${value}`;
    }
  }
  return firstMissing([...missing.values()].map(({ each }) => each));
}

function checkMatrix(command: EvalCommand, series: readonly RangeSeries[], span: RangeSpan): Complaint {
  if (command.scalar !== undefined) return `expected scalar ${command.scalar}, got a matrix`;
  if (expectationsOf(command, 'ordered').length > 0) return 'expected an ordered result, got a matrix';
  const missing = new Map(command.series.map((each) => [labelsKey(each.labels), each]));
  for (const each of series) {
    const wanted = missing.get(labelsKey(each.labels));
    if (wanted === undefined) return `unexpected ${seriesText(each.labels)}: ${pointsText(each)}`;
    missing.delete(labelsKey(each.labels));
    const complaint = checkPoints(wanted, each, span);
    if (complaint !== undefined) return complaint;
  }
  return firstMissing([...missing.values()]);
}

function checkPoints({ labels, values }: NotedSeries, got: RangeSeries, span: RangeSpan): Complaint {
  const points = values
    .map((value, index): [number, NotedValue] => [span.fromMs + index * span.stepMs, value])
    .filter(([, value]) => value !== 'absent');
  const last = points.at(-1)?.[0] ?? span.fromMs;
  if (last > span.toMs) return `more values for ${seriesText(labels)} than the span has steps`;
  const isSame =
    points.length === got.timesMs.length &&
    points.every(([timeMs, value], index) => isPoint(got, index, timeMs, value));
  if (isSame) return undefined;
  const wanted = points.map(([timeMs, value]) => `${value} @ ${timeMs}`).join(', ');
  return `expected ${wanted} for ${seriesText(labels)}, got ${pointsText(got)}`;
}

function isPoint(got: RangeSeries, index: number, timeMs: number, value: NotedValue): boolean {
  const found = got.values[index];
  if (found === undefined || typeof value !== 'number') return false;
  return got.timesMs[index] === timeMs && isAlmostEqual(value, found);
}

function firstMissing(missing: readonly NotedSeries[]): Complaint {
  const [first] = missing;
  return first === undefined ? undefined : `expected ${seriesText(first.labels)}, got nothing for it`;
}

function pointsText({ timesMs, values }: RangeSeries): string {
  return Array.from(values, (value, index) => `${value} @ ${timesMs[index]}`).join(', ');
}

function seriesText({ [METRIC_NAME_LABEL]: name = '', ...labels }: Labels): string {
  const texts = Object.entries(labels).map(([label, value]) => `${label}=${quoteText(value)}`);
  return `${name}{${texts.join(', ')}}`;
}
