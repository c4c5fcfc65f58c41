import { expect, it } from 'vitest';
import { functionNotes, isQuantile, looksLikeCounter } from './function-notes.js';

it.each([
  ['http_requests_total', true],
  ['latency_seconds_bucket', true],
  ['latency_seconds_sum', true],
  ['latency_seconds_count', true],
  ['', true],
  ['total', false],
  ['http_requests', false],
  ['http_requests_total_x', false],
])('takes %s for a counter: %s', (name, expected) => {
  expect(looksLikeCounter(name)).toBe(expected);
});

it('suspects only the functions that Prometheus suspects', () => {
  const suspicious = [...functionNotes].filter(([, note]) => note.expectsCounter).map(([name]) => name);
  expect(suspicious).toEqual(['rate', 'increase']);
});

it('knows what is no quantile', () => {
  expect([0, 0.5, 1, -0.1, 1.1, Number.NaN].map(isQuantile)).toEqual([true, true, true, false, false, false]);
});

it('knows that clamp gives nothing between limits that are the wrong way round', () => {
  const isEmptyFor = functionNotes.get('clamp')?.isEmptyFor;
  expect(isEmptyFor?.([5, -5])).toBe(true);
  expect(isEmptyFor?.([-5, 5])).toBe(false);
  expect(isEmptyFor?.([Number.NaN, 5])).toBe(false);
});
