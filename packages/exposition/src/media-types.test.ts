import { describe, expect, it } from 'vitest';
import { contentTypeOf, formatOf, negotiateFormat, SCRAPE_ACCEPT } from './media-types.js';

describe('the type of an answer', () => {
  it.each([
    ['application/openmetrics-text; version=1.0.0; charset=utf-8', 'openmetrics'],
    ['Application/OpenMetrics-Text', 'openmetrics'],
    ['text/plain; version=0.0.4', 'prometheus-text'],
    ['text/html', 'prometheus-text'],
    [undefined, 'prometheus-text'],
    ['application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily', undefined],
  ])('%s means %s', (contentType, format) => {
    expect(formatOf(contentType)).toBe(format);
  });

  it.each(['openmetrics', 'prometheus-text'] as const)('is written as it is read: %s', (format) => {
    expect(formatOf(contentTypeOf(format))).toBe(format);
  });
});

describe('the wish of a scraper', () => {
  it.each([
    [SCRAPE_ACCEPT, 'openmetrics'],
    ['application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1', 'openmetrics'],
    ['text/plain;version=0.0.4, application/openmetrics-text;q=0.5', 'prometheus-text'],
    ['application/openmetrics-text;q=0', 'prometheus-text'],
    ['text/html,*/*;q=0.8', 'prometheus-text'],
    ['', 'prometheus-text'],
    [undefined, 'prometheus-text'],
  ])('%s is met by %s', (accept, format) => {
    expect(negotiateFormat(accept)).toBe(format);
  });
});
