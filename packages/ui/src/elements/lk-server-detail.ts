import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ApiError } from '../data/api-client.js';
import type { Metrics, MetricsColumn, MetricsHistory, Server } from '../data/api-types.js';
import { LiveItem } from '../data/live-item.js';
import { HISTORY_RANGES, type HistoryRange, loadServerHistory } from '../data/server-history.js';
import { Ticker } from '../data/ticker.js';
import { messages } from '../text/messages.js';
import { baseStyles } from '../theme/base-styles.js';
import './lk-alert-list.js';
import './lk-chart.js';
import type { ChartData } from './lk-chart.js';
import { faultText, LkElement } from './lk-element.js';
import { meter, meterStyles } from './meter.js';
import { signOfServer, statusSign, statusSignStyles } from './status-sign.js';

/** Charts are loaded anew this often; the numbers above them are live. */
const RELOAD_MS = 30_000;
const GIB = 1024 ** 3;

/** Everything about one server: facts, numbers, charts, alerts. */
@customElement('lk-server-detail')
export class LkServerDetail extends LkElement {
  static override styles = [
    ...baseStyles,
    statusSignStyles,
    meterStyles,
    css`
      :host {
        display: grid;
        gap: 16px;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 10px 14px;
      }
      h1 {
        font-size: 22px;
        letter-spacing: -0.015em;
      }
      .facts {
        display: flex;
        flex-wrap: wrap;
        gap: 12px 32px;
        padding: 16px 20px;
      }
      dt {
        color: var(--_quiet);
        font-size: 12.5px;
      }
      dd {
        font-weight: 550;
      }
      .ranges {
        display: flex;
        gap: 6px;
        margin-inline-start: auto;
      }
      .ranges [aria-pressed='true'] {
        border-color: var(--_accent);
        background: color-mix(in oklab, var(--_accent) 12%, var(--_surface));
        font-weight: 600;
      }
      .charts {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr));
        gap: 16px;
      }
      .chart {
        min-width: 0;
        padding: 14px 16px;
      }
      h2 {
        display: flex;
        justify-content: space-between;
        margin-bottom: 8px;
        font-size: 14px;
      }
      h2 span {
        color: var(--_quiet);
        font-weight: 500;
      }
      .disks {
        display: grid;
        gap: 12px;
        padding: 16px 20px;
      }
      .disks p {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 2px 12px;
        margin-bottom: 5px;
      }
    `,
  ];

  @property({ attribute: 'server-id' }) serverId = '';
  @state() private range: HistoryRange = '24h';
  @state() private history?: MetricsHistory;
  @state() private fault?: ApiError;
  readonly #live = new LiveItem<Server>(this);
  readonly #ticker = new Ticker(this, RELOAD_MS);
  #loaded = '';
  #loadedAtMs = 0;

  protected override willUpdate(): void {
    if (!this.serverId) return;
    this.#live.show(this.source, {
      path: `/api/v1/servers/${encodeURIComponent(this.serverId)}`,
      event: 'server',
      isSame: (server) => server.server_id === this.serverId,
    });
    const wanted = `${this.serverId} ${this.range}`;
    const isOld = this.#ticker.nowMs - this.#loadedAtMs >= RELOAD_MS;
    if (wanted === this.#loaded && !isOld) return;
    this.#loaded = wanted;
    this.#loadedAtMs = this.#ticker.nowMs;
    void this.#loadHistory(wanted);
  }

  async #loadHistory(wanted: string): Promise<void> {
    try {
      const history = await loadServerHistory(this.client, this.serverId, this.range);
      if (this.#loaded !== wanted) return;
      this.history = history;
      this.fault = undefined;
    } catch (error) {
      this.fault = error instanceof ApiError ? error : new ApiError('other', String(error));
    }
  }

  override render() {
    const server = this.#live.value;
    if (!server) return this.renderState(this.#live.state, () => void this.#live.reload());
    return html`<header>
        ${statusSign(signOfServer(server.status), messages.serverStatus[server.status])}
        <h1>${server.display_name}</h1>
        <span class="quiet">${messages.serverStatus[server.status]}</span>
        ${this.#ranges()}
      </header>
      ${this.#facts(server)} ${this.history ? this.#charts(this.history, server.latest) : nothing}
      ${this.fault ? html`<p role="alert">${faultText(this.fault)}</p>` : nothing}
      ${server.latest ? this.#disks(server.latest) : nothing}
      <lk-alert-list .endpoint=${this.endpoint} .apiKey=${this.apiKey} .serverId=${server.server_id}></lk-alert-list>`;
  }

  #ranges() {
    return html`<div class="ranges" role="group" aria-label=${messages.server.range}>
      ${(Object.keys(HISTORY_RANGES) as HistoryRange[]).map(
        (range) =>
          html`<button aria-pressed=${range === this.range} @click=${() => (this.range = range)}>${messages.server.ranges[range]}</button>`,
      )}
    </div>`;
  }

  #facts(server: Server) {
    const { format } = this;
    const facts: [string, string][] = [
      [
        messages.server.uptime,
        format.duration(server.latest?.uptime_seconds == null ? null : server.latest.uptime_seconds * 1_000),
      ],
      [
        messages.server.lastSeen,
        server.last_seen === null ? messages.server.never : format.ago(server.last_seen, this.#ticker.nowMs),
      ],
      [messages.server.address, server.ip_address],
      [messages.server.system, [server.os_distribution, server.os_version].filter(Boolean).join(' ')],
      [messages.server.kernel, [server.kernel, server.architecture].filter(Boolean).join(' ')],
    ];
    return html`<dl class="facts card">
      ${facts.filter(([, value]) => value !== '').map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
    </dl>`;
  }

  #charts(history: MetricsHistory, latest: Metrics | null) {
    const { format } = this;
    const percent = (value: number | null) => format.percent(value);
    const rate = (value: number | null) => format.bytesPerSecond(value);
    const { server } = messages;
    return html`<div class="charts">
      ${this.#chart(server.cpu, lines(history, [[server.cpu, 'cpu_percent']]), percent, percent(latest?.cpu_percent ?? null), 100)}
      ${this.#chart(server.memory, lines(history, [[server.memory, 'memory_percent']]), percent, percent(latest?.memory_percent ?? null), 100)}
      ${this.#chart(
        server.network,
        lines(history, [
          [server.received, 'network_rx_bytes_per_second'],
          [server.sent, 'network_tx_bytes_per_second'],
        ]),
        rate,
        `↓ ${rate(latest?.network_rx_bytes_per_second ?? null)} ↑ ${rate(latest?.network_tx_bytes_per_second ?? null)}`,
      )}
      ${this.#chart(server.load, lines(history, [[server.load, 'load_1m']]), (value) => format.number(value, 2), format.number(latest?.load_1m, 2))}
      ${this.#chart(server.disks, diskLines(history), percent, percent(latest?.disk_percent ?? null), 100)}
    </div>`;
  }

  #chart(
    name: string,
    data: ChartData,
    write: (value: number | null) => string,
    now: string,
    maximum?: number,
  ) {
    return html`<section class="chart card">
      <h2>${name}<span>${now}</span></h2>
      <lk-chart
        .label=${messages.server.history(name)}
        .data=${data}
        .formatValue=${write}
        .maximum=${maximum}
        group="server"
      ></lk-chart>
    </section>`;
  }

  #disks({ disks }: Metrics) {
    const { format } = this;
    return html`<section class="disks card" aria-label=${messages.server.disks}>
      ${disks.map(({ mountpoint, device, filesystem, percent, used_gb: used, total_gb: total }) => {
        const isKnown = used !== null && total !== null;
        const free = isKnown
          ? messages.server.free(format.bytes((total - used) * GIB), format.bytes(total * GIB))
          : '';
        return html`<div>
          <p><strong>${mountpoint}</strong><span class="quiet">${device} · ${filesystem} · ${free} · ${format.percent(percent)}</span></p>
          ${meter(`${messages.server.disk} ${mountpoint}`, percent)}
        </div>`;
      })}
    </section>`;
  }
}

function lines(
  { timestamps, series }: MetricsHistory,
  columns: readonly (readonly [string, MetricsColumn])[],
): ChartData {
  return { timestamps, lines: columns.map(([label, column]) => ({ label, values: series[column] })) };
}

function diskLines({ timestamps, disks }: MetricsHistory): ChartData {
  return { timestamps, lines: Object.entries(disks).map(([label, values]) => ({ label, values })) };
}
