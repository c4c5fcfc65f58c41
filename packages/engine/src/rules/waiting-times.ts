import {
  type Clock,
  describeError,
  type Labels,
  type Logger,
  labelsKey,
  METRIC_NAME_LABEL,
  type SampleStore,
} from '@labkeeper/core';
import { ALERTS_FOR_STATE, type LastForState } from '@labkeeper/rules';

/** Longer ago nobody takes up a waiting time: Prometheus' default of `--rules.alert.for-outage-tolerance`. */
const OUTAGE_TOLERANCE_MS = 3_600_000;

interface WaitingTimesParts {
  readonly samples: Pick<SampleStore, 'latest'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** How long the conditions of alerts had held before the start, as the rules had written it into the store. */
export class WaitingTimes {
  readonly #byLabels = new Map<string, { readonly timeMs: number; readonly value: number }>();

  constructor(private readonly parts: WaitingTimesParts) {}

  /** Called once, before the first evaluation. Without the store every condition begins anew: later is better than not at all. */
  async load(): Promise<void> {
    const { samples, clock, log } = this.parts;
    const matchers = [{ label: METRIC_NAME_LABEL, operator: '=', value: ALERTS_FOR_STATE }] as const;
    try {
      for (const { series, timesMs, values } of await samples.latest(
        matchers,
        clock.now() - OUTAGE_TOLERANCE_MS,
      ))
        this.#byLabels.set(labelsKey(series.labels), {
          timeMs: timesMs[0] as number,
          value: values[0] as number,
        });
    } catch (error) {
      log.warn('how long conditions had held before the start could not be read', {
        reason: describeError(error),
      });
    }
  }

  readonly last: LastForState = (labels: Labels) => this.#byLabels.get(labelsKey(labels));
}
