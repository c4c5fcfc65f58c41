import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { ApiClient, type Endpoint } from './api-client.js';
import type { Metrics, MetricsHistory } from './api-types.js';

/** The columns that a card draws. */
const COLUMNS = ['cpu_percent', 'memory_percent', 'network_rx_bytes_per_second'] as const;
type Column = (typeof COLUMNS)[number];
/** As many points as a card is wide. */
const POINTS = 60;
const SPAN = { from: '-30m', step: 30 };

/** The last half hour of a server for small lines: loaded once, then made longer by what the stream brings. */
export class RecentMetrics implements ReactiveController {
  readonly #columns: Record<Column, (number | null)[]> = {
    cpu_percent: [],
    memory_percent: [],
    network_rx_bytes_per_second: [],
  };
  #shown = '';
  #lastTimestamp = '';

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostConnected(): void {
    this.#shown = '';
  }

  column(name: Column): readonly (number | null)[] {
    return this.#columns[name];
  }

  /** Shows this server from now on. Without a history the lines simply begin now. */
  show(endpoint: Endpoint, serverId: string): void {
    if (this.#shown === serverId) return;
    this.#shown = serverId;
    const path = `/api/v1/metrics/${encodeURIComponent(serverId)}`;
    new ApiClient(endpoint).get<MetricsHistory>(path, SPAN).then(
      ({ series }) => {
        if (this.#shown !== serverId) return;
        for (const name of COLUMNS) this.#columns[name].unshift(...series[name].slice(-POINTS));
        this.#cut();
        this.host.requestUpdate();
      },
      () => undefined,
    );
  }

  /** Takes the newest numbers, once for each time. */
  add(latest: Metrics | null): void {
    if (!latest || latest.timestamp === this.#lastTimestamp) return;
    this.#lastTimestamp = latest.timestamp;
    for (const name of COLUMNS) this.#columns[name].push(latest[name]);
    this.#cut();
  }

  #cut(): void {
    for (const name of COLUMNS) this.#columns[name].splice(0, this.#columns[name].length - POINTS);
  }
}
