import {
  type Clock,
  DropFailure,
  describeError,
  type HttpClient,
  type Logger,
  type Sample,
} from '@labkeeper/core';
import { ExpositionReader } from '@labkeeper/exposition';
import type { PrometheusOptions } from '../prometheus-options.js';
import type { Relabel } from '../relabel/relabel-rules.js';
import type { ExpositionFetcher, FetchBounds, FetchedExposition } from './fetch-exposition.js';
import type { ScrapeTarget } from './plan-targets.js';
import { endOf, REPORT_METRICS, reportSamples } from './scrape-report.js';
import { storedSeries } from './series-labels.js';
import { type KnownSeries, TargetSeries } from './target-series.js';

/** What all targets of an entry share. */
export interface ScraperSetup {
  readonly options: PrometheusOptions;
  readonly metricRelabel: Relabel;
  readonly fetcher: ExpositionFetcher;
}

/** What one scrape works with. */
export interface ScrapeContext extends FetchBounds {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A target whose address is known to be one. */
type ReachableTarget = ScrapeTarget & { readonly url: string };

/** The samples of one text, and how many it had. */
interface Scraped {
  readonly samples: Sample[];
  scraped: number;
  duplicates: number;
}

/** Scrapes one target again and again, and knows what it had before. */
export class TargetScraper {
  readonly #target: ReachableTarget;
  readonly #setup: ScraperSetup;
  readonly #series: TargetSeries;
  readonly #reader: ExpositionReader<KnownSeries | undefined>;
  /** Why the last scrape failed; undefined after one that did not. */
  #failure: string | undefined;
  #hasWarnedOfDuplicates = false;

  constructor(target: ReachableTarget, setup: ScraperSetup) {
    this.#target = target;
    this.#setup = setup;
    const { labels } = target;
    this.#series = new TargetSeries(REPORT_METRICS.map(({ name }) => ({ name, labels })));
    this.#reader = new ExpositionReader({ make: (exposed) => this.#known(exposed) });
  }

  /**
   * One scrape. A target that fails is an answer: `up` is 0 and everything it had ends. Rejects only when the signal
   * aborts, and then it has not happened.
   */
  async scrape(context: ScrapeContext): Promise<readonly Sample[]> {
    const startMs = context.clock.monotonicMs();
    try {
      const fetched = await this.#setup.fetcher.fetch(context.http, this.#target.url, context);
      return this.#succeed(this.#read(fetched), context, startMs);
    } catch (error) {
      context.signal.throwIfAborted();
      return this.#fail(error, context, startMs);
    }
  }

  #known(exposed: { readonly name: string; readonly labels: Readonly<Record<string, string>> }) {
    const { options, metricRelabel } = this.#setup;
    const stored = storedSeries(exposed, {
      target: this.#target.labels,
      honorLabels: options.honor_labels,
      relabel: metricRelabel,
      limits: {
        labels: options.label_limit,
        labelNameLength: options.label_name_length_limit,
        labelValueLength: options.label_value_length_limit,
      },
    });
    return stored && this.#series.of(stored);
  }

  #read({ body, format }: FetchedExposition): Scraped {
    const { honor_timestamps: honorsTimes, sample_limit: limit = Number.POSITIVE_INFINITY } =
      this.#setup.options;
    const found: Scraped = { samples: [], scraped: 0, duplicates: 0 };
    this.#series.begin();
    this.#reader.read(body, format, {
      sample: (known, value, exposedMs) => {
        found.scraped += 1;
        if (!known) return;
        const timeMs = honorsTimes ? exposedMs : undefined;
        if (!this.#series.take(known, timeMs)) {
          found.duplicates += 1;
          return;
        }
        found.samples.push(sampleOf(known, value, timeMs));
        if (found.samples.length > limit)
          throw new DropFailure(
            'RESPONSE_TOO_LARGE',
            `the target has more than ${limit} samples (sample_limit)`,
          );
      },
    });
    return found;
  }

  #succeed(
    { samples, scraped, duplicates }: Scraped,
    context: ScrapeContext,
    startMs: number,
  ): readonly Sample[] {
    const { added, vanished } = this.#series.commit();
    if (this.#series.prune()) this.#reader.forget();
    this.#tellSuccess(duplicates, context);
    const durationMs = context.clock.monotonicMs() - startMs;
    const figures = { isUp: true, durationMs, scraped, kept: samples.length + duplicates, added };
    return [...samples, ...endOf(vanished), ...reportSamples(this.#target.labels, figures)];
  }

  #fail(error: unknown, { clock, log }: ScrapeContext, startMs: number): readonly Sample[] {
    const ended = this.#series.abandon();
    const reason = describeError(error);
    // A target that stays down says so once.
    if (reason !== this.#failure) log.warn('a target could not be scraped', { ...this.#shown, reason });
    this.#failure = reason;
    const durationMs = clock.monotonicMs() - startMs;
    const figures = { isUp: false, durationMs, scraped: 0, kept: 0, added: 0 };
    return [...endOf(ended), ...reportSamples(this.#target.labels, figures)];
  }

  #tellSuccess(duplicates: number, { log }: ScrapeContext): void {
    if (this.#failure !== undefined) log.info('a target is scraped again', this.#shown);
    this.#failure = undefined;
    if (duplicates === 0 || this.#hasWarnedOfDuplicates) return;
    this.#hasWarnedOfDuplicates = true;
    log.warn('a target exposes series twice; the first of each counts', { ...this.#shown, duplicates });
  }

  get #shown() {
    const { address, labels } = this.#target;
    return { target: address, job: labels.job ?? '' };
  }
}

function sampleOf({ name, labels }: KnownSeries, value: number, timeMs: number | undefined): Sample {
  return timeMs === undefined ? { name, labels, value } : { name, labels, value, timeMs };
}
