import type { SampleBatch, Series } from '@labkeeper/core';

/** What an agent sends: its series with the first heartbeat, and only their values with the next. */
export interface Heartbeat {
  readonly host: string;
  readonly timeMs: number;
  readonly series?: readonly Series[];
  readonly values: readonly number[];
}

/** Remembers the series of each host, as a server of agents does. */
export class HeartbeatReader {
  readonly #seriesOf = new Map<string, readonly Series[]>();

  batchOf({ host, timeMs, series, values }: Heartbeat): SampleBatch {
    if (series) this.#seriesOf.set(host, series);
    const known = this.#seriesOf.get(host);
    if (!known) throw new Error(`nobody knows the series of ${host}`);
    return { series: known, timesMs: known.map(() => timeMs), values };
  }
}
