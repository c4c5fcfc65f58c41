import type { Clock, Labels, MetricDescription, Sample } from '@labkeeper/core';
import type { LabelCache } from './label-cache.js';
import type { SystemFiles } from './system-files.js';
import type { SystemOptions } from './system-options.js';

/** What a part may use during one collection. */
export interface PartContext {
  readonly files: SystemFiles;
  readonly options: SystemOptions;
  readonly labels: LabelCache;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Takes one value. Labels come from the cache, so that equal ones are one object. */
export type Report = (name: string, value: number, labels?: Labels) => void;

/**
 * One subject of the collection, named as node_exporter names its collector. A part that throws is reported by
 * `node_scrape_collector_success` and keeps no other from reporting.
 */
export interface Part {
  readonly name: string;
  readonly metrics: readonly MetricDescription[];
  /** Made anew for each instance, because some parts remember what hangs. */
  create(): (context: PartContext, report: Report) => Promise<void> | void;
}

/** For parts without memory. */
export function statelessPart(part: {
  readonly name: string;
  readonly metrics: readonly MetricDescription[];
  read(context: PartContext, report: Report): Promise<void> | void;
}): Part {
  return { name: part.name, metrics: part.metrics, create: () => part.read };
}

/** A list of samples as a {@link Report} fills it. */
export function reportInto(samples: Sample[]): Report {
  return (name, value, labels) => {
    // A file may hold a word where a number is expected; what is no number is not reported, rather than as 0.
    if (!Number.isNaN(value)) samples.push(labels ? { name, labels, value } : { name, value });
  };
}
