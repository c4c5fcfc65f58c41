import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A counter that begins at 0 is extrapolated otherwise by Prometheus 3 than by Prometheus 2. */
const COUNTED_BEFORE = 10_000;

/** Something that Prometheus scrapes, with alarms that can be switched. */
export class Exporter {
  readonly #alarms = new Map<string, boolean>();
  readonly #server: Server;
  #scrapes = 0;

  private constructor() {
    this.#server = createServer((_, response) => {
      this.#scrapes += 1;
      response.setHeader('content-type', 'text/plain; version=0.0.4').end(this.#text());
    });
  }

  static async start(): Promise<Exporter> {
    const exporter = new Exporter();
    await new Promise<void>((resolve) => exporter.#server.listen(0, '127.0.0.1', resolve));
    return exporter;
  }

  get target(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  set(alarm: string, isOn: boolean): void {
    this.#alarms.set(alarm, isOn);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** A counter, a gauge, a histogram: each scrape sees other values. */
  #text(): string {
    const n = COUNTED_BEFORE + this.#scrapes;
    const alarms = [...this.#alarms].map(([name, isOn]) => `alarm{name="${name}"} ${Number(isOn)}`);
    return [
      ...['# TYPE alarm gauge', ...alarms],
      ...['# TYPE room_celsius gauge', `room_celsius{room="attic"} ${20 + (n % 7) / 8}`],
      ...[`room_celsius{room="cellar"} ${12 - (n % 5) / 4}`],
      ...[
        '# TYPE visits_total counter',
        `visits_total{code="200"} ${n * 3}`,
        `visits_total{code="500"} ${n >> 2}`,
      ],
      ...['# TYPE visit_seconds histogram', `visit_seconds_bucket{le="0.1"} ${n}`],
      ...[`visit_seconds_bucket{le="1"} ${n * 2}`, `visit_seconds_bucket{le="+Inf"} ${n * 3}`],
      ...[`visit_seconds_sum ${n / 2}`, `visit_seconds_count ${n * 3}`, ''],
    ].join('\n');
  }
}
