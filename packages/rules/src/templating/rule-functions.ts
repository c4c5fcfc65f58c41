import { type InstantValue, parseDuration } from '@labkeeper/core';
import {
  escapeQuery,
  TEXT_FUNCTIONS,
  type TemplateFunction,
  type TemplateFunctions,
  TemplateStruct,
  type TemplateValue,
} from '@labkeeper/template';
import { stripDomain, stripPort } from './host-port.js';
import { humanize, humanize1024, humanizeDuration, humanizePercentage, toNumber } from './humanize.js';
import { millisecondsOf, showTime, timeValue } from './time-value.js';

/** Answers the function `query` of templates: PromQL at one time. May answer with a promise where the caller can wait. */
export type TemplateQuery = (
  expression: string,
  atMs: number,
) => readonly InstantValue[] | Promise<readonly InstantValue[]>;

/** What the functions need to know of the evaluation. */
export interface FunctionContext {
  readonly query: TemplateQuery;
  readonly atMs: number;
  /** Address under which people reach the program; empty when nobody has said. */
  readonly externalUrl: string;
}

/** The functions of rule templates that need to know of the evaluation. The others are {@link PURE_FUNCTIONS}. */
export function contextFunctions({ query, atMs, externalUrl }: FunctionContext): TemplateFunctions {
  return {
    query: { parameters: ['string'], call: (expression: string) => samples(query(expression, atMs)) },
    now: { parameters: [], call: () => atMs / 1000 },
    externalURL: { parameters: [], call: () => externalUrl },
    pathPrefix: { parameters: [], call: () => pathOf(externalUrl) },
  };
}

function samples(answer: ReturnType<TemplateQuery>): TemplateValue[] | Promise<TemplateValue[]> {
  return answer instanceof Promise
    ? answer.then((values) => values.map(sampleValue))
    : answer.map(sampleValue);
}

function sampleValue({ labels, value }: InstantValue): TemplateStruct {
  return new TemplateStruct('*template.sample', { Labels: labels, Value: value });
}

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname.replace(/\/$/, '') : '';
}

const number = (call: (value: number) => TemplateValue): TemplateFunction => ({
  parameters: ['any'],
  call: (value: TemplateValue) => call(toNumber(value)),
});
const text = (call: (value: string) => TemplateValue): TemplateFunction => ({ parameters: ['string'], call });

/** https://prometheus.io/docs/prometheus/latest/configuration/template_reference/ */
export const PURE_FUNCTIONS: TemplateFunctions = {
  ...TEXT_FUNCTIONS,
  first: { parameters: ['list'], call: first },
  value: { parameters: ['any'], call: (sample: TemplateValue) => fieldsOf(sample).value },
  label: {
    parameters: ['string', 'any'],
    call: (name: string, sample: TemplateValue) => labelOf(name, sample),
  },
  strvalue: { parameters: ['any'], call: (sample: TemplateValue) => labelOf('__value__', sample) },
  sortByLabel: { parameters: ['string', 'list'], call: sortByLabel },
  args: { parameters: ['any'], isVariadic: true, call: numberedArguments },
  humanize: number(humanize),
  humanize1024: number(humanize1024),
  humanizeDuration: number(humanizeDuration),
  humanizePercentage: number(humanizePercentage),
  humanizeTimestamp: number((seconds) => {
    const timeMs = millisecondsOf(seconds);
    return timeMs === undefined ? humanize(seconds) : showTime(timeMs);
  }),
  toTime: number((seconds) => {
    const timeMs = millisecondsOf(seconds);
    if (timeMs === undefined) throw new Error('value is NaN or Inf');
    return timeValue(timeMs);
  }),
  parseDuration: text(durationSeconds),
  stripPort: text(stripPort),
  stripDomain: text(stripDomain),
  graphLink: text((expression) => `/graph?g0.expr=${escapeQuery(expression)}&g0.tab=0`),
  tableLink: text((expression) => `/graph?g0.expr=${escapeQuery(expression)}&g0.tab=1`),
};

function first(vector: readonly TemplateValue[]): TemplateValue {
  if (vector.length === 0) throw new Error('first() called on vector with no elements');
  return vector[0];
}

function fieldsOf(sample: TemplateValue): { labels: Readonly<Record<string, string>>; value: number } {
  if (!(sample instanceof TemplateStruct)) throw new Error('wrong type for value; expected *template.sample');
  const { Labels, Value } = sample.fields;
  return { labels: Labels as Readonly<Record<string, string>>, value: Value as number };
}

function labelOf(name: string, sample: TemplateValue): string {
  const { labels } = fieldsOf(sample);
  return Object.hasOwn(labels, name) ? (labels[name] ?? '') : '';
}

function sortByLabel(name: string, vector: readonly TemplateValue[]): TemplateValue[] {
  const keyed = vector.map((sample) => ({ sample, key: labelOf(name, sample) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ sample }) => sample);
}

function numberedArguments(...values: readonly TemplateValue[]): Record<string, TemplateValue> {
  return Object.fromEntries(values.map((value, index) => [`arg${index}`, value]));
}

function durationSeconds(duration: string): number {
  const ms = duration === '0' ? 0 : parseDuration(duration);
  if (ms === undefined) throw new Error(`not a valid duration string: ${JSON.stringify(duration)}`);
  return ms / 1000;
}
