import { DATA_SPAN_MS, DATA_START_MS } from './data.js';
import { leaf, type Precision, type Question, type Spot } from './question.js';
import type { Random } from './random.js';

/** What the generator knows about a metric of the data. */
interface Metric {
  readonly name: string;
  readonly labels: Readonly<Record<string, readonly string[]>>;
  readonly precision: Precision;
  readonly isOrdered?: boolean;
  readonly isCounter?: boolean;
}

const instance = ['a', 'b', 'c'];
const job = ['api', 'db'];

const METRICS: readonly Metric[] = [
  {
    name: 'requests_total',
    labels: { instance, job, code: ['200', '404', '500'] },
    precision: 'sums',
    isCounter: true,
  },
  {
    name: 'cpu_seconds_total',
    labels: { instance, mode: ['idle', 'system', 'user'] },
    precision: 'sums',
    isCounter: true,
  },
  { name: 'temperature', labels: { instance, room: ['cellar', 'roof'] }, precision: 'sums', isOrdered: true },
  { name: 'memory_bytes', labels: { instance, job }, precision: 'sums', isOrdered: true },
  { name: 'limit_bytes', labels: { instance }, precision: 'sums', isOrdered: true },
  { name: 'up', labels: { instance, job }, precision: 'sums' },
  { name: 'noise', labels: { instance, job, band: ['0', '1', '2'] }, precision: 'exact', isOrdered: true },
  { name: 'latency_seconds_bucket', labels: { instance, le: ['0.1', '1', '10', '+Inf'] }, precision: 'sums' },
  { name: 'latency_seconds_count', labels: { instance }, precision: 'sums' },
  { name: 'latency_seconds_sum', labels: { instance }, precision: 'sums' },
  { name: 'sparse', labels: { instance }, precision: 'sums' },
  { name: 'unusual', labels: { instance }, precision: 'exact' },
  { name: 'flapping_total', labels: { instance }, precision: 'sums' },
  { name: 'early', labels: { instance }, precision: 'sums' },
  { name: 'late', labels: { instance }, precision: 'sums' },
  { name: 'once', labels: { instance }, precision: 'sums' },
  { name: 'build_info', labels: { instance, version: ['1.0', '1.1', '2.0'] }, precision: 'sums' },
  { name: 'nothing_at_all', labels: { instance }, precision: 'sums' },
];

const ALWAYS_THERE = 10;

export const LABELS = [
  'instance',
  'job',
  'code',
  'mode',
  'room',
  'version',
  'le',
  '__name__',
  'absent_label',
];
const DURATIONS = ['15s', '40s', '1m', '90s', '5m', '7m30s', '20m', '1h'];

/** An instant selector with its modifiers. */
export function selector(random: Random): Question {
  const bare = bareSelector(random);
  return { ...bare, text: bare.text + times(random) };
}

/** One whose values have a certain order: never equal, never NaN. */
export function orderedSelector(random: Random): Question {
  const metric = random.pick(METRICS.filter(({ isOrdered }) => isOrdered));
  return leaf(metric.name + matchers(random, metric) + times(random), metric.precision, true);
}

/** A counter that is always there and began high; `rate` and its like then need not guess about zero. */
export function steadyCounter(random: Random): Question {
  const metric = random.pick(METRICS.filter(({ isCounter }) => isCounter));
  return leaf(metric.name + matchers(random, metric), metric.precision);
}

export function matrixSelector(random: Random): Question {
  const bare = bareSelector(random);
  return { ...bare, text: `${bare.text}[${random.pick(DURATIONS)}]${times(random)}`, isOrdered: false };
}

/** A subquery of an expression. No sample of it lies on the edge of its window: one of both is at half seconds. */
export function subqueryTimes(random: Random, spot: Spot): string {
  const at = random.chance(0.15) ? ` @ ${moment(random)}` : '';
  const isAtWhole = spot.atWholeSeconds && at === '';
  const range = random.pick(['1m', '4m', '10m', '25m']) + (isAtWhole ? '500ms' : '');
  const step = random.pick(['', '15s', '30s', '1m', '97s', '3m']);
  return `[${range}:${step}]${at}${offset(random)}`;
}

function bareSelector(random: Random): Question {
  if (random.chance(0.04)) return leaf(random.pick(WITHOUT_NAME), 'exact');
  // Those at the end of the list come and go; two empty answers compare nothing.
  const metric = random.chance(0.5) ? random.pick(METRICS) : random.pick(METRICS.slice(0, ALWAYS_THERE));
  const isOrdered = metric.isOrdered === true;
  if (random.chance(0.05)) return leaf(`{__name__="${metric.name}"}`, metric.precision, isOrdered);
  return leaf(metric.name + matchers(random, metric), metric.precision, isOrdered);
}

const WITHOUT_NAME = [
  '{instance="a", job="api"}',
  '{__name__=~"requests_total|temperature"}',
  '{__name__=~".+_bytes", instance!="c"}',
  '{job=~"a.*"}',
  '{room!=""}',
  '{version=~".+", zone=""}',
  '{zone=~"north.*"}',
];

function matchers(random: Random, { labels }: Metric): string {
  const names = random.some(Object.keys(labels), 0.3);
  if (names.length === 0) return random.chance(0.03) ? '{}' : '';
  return `{${names.map((name) => matcher(random, name, labels[name] ?? [])).join(', ')}}`;
}

function matcher(random: Random, name: string, values: readonly string[]): string {
  const value = random.pick(values);
  const pattern = value.replaceAll(/[+.]/g, '[+.]');
  return random.weighted([
    [3, `${name}="${value}"`],
    [2, `${name}!="${value}"`],
    [2, `${name}=~"${pattern}|${random.pick(values).replaceAll(/[+.]/g, '.')}"`],
    [1, `${name}=~".+"`],
    [1, `${name}=~"${pattern.slice(0, 1).replace('[', '.')}.*"`],
    [1, `${name}!~"${pattern}"`],
    [0.5, `${name}!~"(?i:${pattern.toUpperCase()})|x{2,3}"`],
    [0.3, `${name}=""`],
    [0.3, `missing!~"."`],
  ]);
}

function times(random: Random): string {
  const at = random.chance(0.08) ? ` @ ${moment(random)}` : '';
  return random.chance(0.5) ? at + offset(random) : offset(random) + at;
}

function offset(random: Random): string {
  if (!random.chance(0.12)) return '';
  return ` offset ${random.chance(0.3) ? '-' : ''}${random.pick(DURATIONS)}`;
}

/** At half a second, as everything that is asked. */
function moment(random: Random): string {
  const second = Math.floor(DATA_START_MS / 1_000) + random.below(DATA_SPAN_MS / 1_000);
  return random.pick(['start()', 'end()', `${second}.5`, `${second}.500`]);
}
