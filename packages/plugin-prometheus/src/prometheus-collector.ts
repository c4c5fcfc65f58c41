import { defineCollector, type EntityId, type OptionsOf, type RunContext } from '@labkeeper/core';
import { type PrometheusOptions, prometheusOptions } from './prometheus-options.js';
import { compileRelabel } from './relabel/relabel-rules.js';
import { expositionFetcher } from './scrape/fetch-exposition.js';
import { planTargets } from './scrape/plan-targets.js';
import { REPORT_METRICS } from './scrape/scrape-report.js';
import { parseTarget } from './scrape/target-address.js';
import { TargetScraper } from './scrape/target-scraper.js';
import { validateOptions } from './validate-options.js';

interface PrometheusState {
  readonly scrapers: readonly TargetScraper[];
}

type Context = RunContext<OptionsOf<typeof prometheusOptions>, PrometheusState>;

/**
 * A scrape ends itself this much before the deadline of the run: a share of it, at most half a second. So a target that
 * hangs is reported as down, and the others' samples are not lost with it.
 */
const MARGIN_SHARE = 0.05;
const MAX_MARGIN_MS = 500;

/** Scrapes exporters, all of an entry side by side. */
export const prometheusCollector = defineCollector<typeof prometheusOptions, PrometheusState>({
  name: 'prometheus',
  summary: 'Scrapes exporters as Prometheus does.',
  options: prometheusOptions,
  metrics: REPORT_METRICS,
  otherMetrics: 'any',
  schedule: { every: '15s', timeout: '10s' },

  target(options) {
    const [only, ...others] = options.targets.map((entry) =>
      typeof entry === 'string' ? entry : entry.target,
    );
    const address = only === undefined || others.length > 0 ? undefined : parseTarget(only)?.address;
    if (address === undefined) return { entity: entityOf(options.job) };
    return { entity: entityOf(address), host: new URL(`http://${address}`).hostname, displayName: address };
  },

  validate: validateOptions,

  start: ({ options }) => ({ scrapers: scrapersOf(options) }),

  async collect(context) {
    const scrapes = context.state.scrapers.map((scraper) => scraper.scrape(scrapeContext(context)));
    return { samples: (await Promise.all(scrapes)).flat() };
  },
});

function entityOf(name: string): EntityId {
  return `service:${name.replace(/\s+/g, '-')}`;
}

function scrapersOf(options: PrometheusOptions): readonly TargetScraper[] {
  const setup = {
    options,
    metricRelabel: compileRelabel(options.metric_relabel),
    fetcher: expositionFetcher(options),
  };
  return planTargets(options).flatMap(({ url, ...target }) =>
    url === undefined ? [] : [new TargetScraper({ ...target, url }, setup)],
  );
}

function scrapeContext({ http, clock, log, signal, timeoutMs }: Context) {
  const marginMs = Math.min(timeoutMs * MARGIN_SHARE, MAX_MARGIN_MS);
  return { http, clock, log, signal, timeoutMs: timeoutMs - marginMs };
}
