import type { Labels } from '@labkeeper/core';
import { failAt } from '../syntax/source-text.js';
import { readSeriesName } from './read-series-name.js';

/** One place in a series: a number, no sample, the staleness mark, or a native histogram, which is not looked into. */
export type NotedValue = number | 'absent' | 'stale' | 'histogram';

/** A series as test scripts and rule unit tests note it. */
export interface NotedSeries {
  /** With `__name__`, where the series has a name. */
  readonly labels: Labels;
  readonly values: readonly NotedValue[];
}

/** So that `0x999999999` is an error and not the end of the memory. */
const MAX_VALUES = 1_000_000;
const BLANK = /[ \t]+/y;
const NUMBER = '(?:[0-9][0-9_]*\\.?[0-9_]*|\\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?|[iI][nN][fF]|[nN][aA][nN]';
const ITEM = new RegExp(
  [
    '(?<absent>_)',
    '(?<histogram>\\{\\{[^}]*\\}\\})(?:[+-]\\{\\{[^}]*\\}\\}(?=x))?',
    `(?:(?<stale>stale)|(?<first>[+-]?(?:${NUMBER})))(?<step>[+-](?:${NUMBER})(?=x))?`,
  ]
    .map((form) => `(?:${form})`)
    .join('|')
    .replace(/^(.*)$/s, '(?:$1)(?:x(?<times>[0-9]+))?(?=[ \\t]|$)'),
  'y',
);

/**
 * Reads Prometheus' series notation: `metric{l="v"} 1+2x3 _x5 stale 1-1x4 {{schema:1 …}}`. `a+bxN` and `axN` give N + 1 values, `_xN` N.
 * Throws PromqlError `bad_data` with the place. Called once per series of a test script or of a rule unit test.
 * Source: prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/#series.
 */
export function parseSeriesNotation(text: string): NotedSeries {
  const { labels, end } = readSeriesName(text);
  return { labels, values: readValues(text, end) };
}

/** The values alone, for rule unit tests, which have them in a field of their own. Throws as {@link parseSeriesNotation} does. */
export function parseValuesNotation(text: string): readonly NotedValue[] {
  return readValues(` ${text.trim()}`, 0);
}

function readValues(text: string, start: number): NotedValue[] {
  const values: NotedValue[] = [];
  const end = text.trimEnd().length;
  for (let at = start; at < end; ) {
    at += blankAt(text, at);
    ITEM.lastIndex = at;
    const item = ITEM.exec(text);
    if (item === null) return failValue(text, at);
    const parts = item.groups ?? {};
    checkCount(text, at, values.length + Number(parts.times ?? 0));
    for (const value of expandItem(parts)) values.push(value);
    at += item[0].length;
  }
  return values;
}

function blankAt(text: string, at: number): number {
  BLANK.lastIndex = at;
  const blank = BLANK.exec(text)?.[0].length;
  return blank ?? failValue(text, at);
}

function failValue(text: string, at: number): never {
  const word = /^\S*/.exec(text.slice(at))?.[0] ?? '';
  const message = `unexpected ${JSON.stringify(word)} in series values, expected number or "stale"`;
  failAt(text, { start: at, end: at + word.length }, message);
}

function checkCount(text: string, at: number, count: number): void {
  if (count <= MAX_VALUES) return;
  failAt(text, { start: at, end: text.length }, `a series has at most ${MAX_VALUES} values`);
}

function expandItem({ absent, histogram, stale, first, step, times }: Record<string, string>): NotedValue[] {
  const count = Number(times ?? 0);
  if (absent !== undefined) return Array.from({ length: times === undefined ? 1 : count }, () => 'absent');
  if (histogram !== undefined) return Array.from({ length: count + 1 }, () => 'histogram');
  if (stale !== undefined) return Array.from({ length: count + 1 }, () => 'stale');
  return climb(notedNumber(first ?? ''), step === undefined ? 0 : notedNumber(step), count);
}

/** By repeated addition, as Prometheus does: its rounding is part of what scripts expect. */
function climb(first: number, step: number, count: number): number[] {
  const values = [first];
  for (let value = first; values.length <= count; ) values.push((value += step));
  return values;
}

function notedNumber(text: string): number {
  const [, sign, digits = ''] = /^([+-]?)(.*)$/.exec(text) ?? [];
  const word = digits.toLowerCase();
  const value =
    word === 'inf'
      ? Number.POSITIVE_INFINITY
      : word === 'nan'
        ? Number.NaN
        : Number(digits.replaceAll('_', ''));
  return sign === '-' ? -value : value;
}
