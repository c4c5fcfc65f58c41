import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Metrics, Server } from '../data/api-types.js';
import { LiveItem } from '../data/live-item.js';
import { RecentMetrics } from '../data/recent-metrics.js';
import { Ticker } from '../data/ticker.js';
import { messages } from '../text/messages.js';
import { baseStyles } from '../theme/base-styles.js';
import { LkElement } from './lk-element.js';
import { meter, meterStyles } from './meter.js';
import { sparkline, sparklineStyles } from './sparkline.js';
import { signOfServer, statusSign, statusSignStyles } from './status-sign.js';

const TEXT_INTERVAL_MS = 10_000;

/**
 * One server at a glance, live.
 * @fires lk-open - The name was chosen; `detail` is the server's id. Cancel it to stay where you are.
 * @csspart card - The whole card.
 */
@customElement('lk-server-card')
export class LkServerCard extends LkElement {
  static override styles = [
    ...baseStyles,
    statusSignStyles,
    sparklineStyles,
    meterStyles,
    css`
      article {
        display: grid;
        gap: 14px;
        padding: 16px;
      }
      header {
        display: flex;
        align-items: center;
        gap: 10px;
      }
      h3 {
        overflow: hidden;
        font-size: 15.5px;
        font-weight: 650;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      h3 a {
        text-decoration: none;
      }
      h3 a:hover {
        text-decoration: underline;
      }
      .badge {
        margin-inline-start: auto;
        padding: 2px 9px;
        border-radius: 99px;
        background: color-mix(in oklab, var(--_down) 14%, var(--_surface));
        color: var(--_down);
        font-size: 12px;
        font-weight: 600;
        white-space: nowrap;
      }
      dl {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 12px 18px;
      }
      dt {
        color: var(--_quiet);
        font-size: 12.5px;
      }
      dd {
        font-size: 17px;
        font-weight: 600;
        white-space: nowrap;
      }
      dd small {
        font-size: 13px;
        font-weight: 500;
      }
      .rates {
        display: flex;
        flex-wrap: wrap;
        gap: 0 10px;
      }
      .wide {
        grid-column: 1 / -1;
      }
      .meter {
        margin-top: 6px;
      }
      footer {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 2px 12px;
        padding-top: 10px;
        border-top: 1px solid var(--_line);
        color: var(--_quiet);
        font-size: 12.5px;
      }
      .stale dl {
        opacity: 0.55;
      }
    `,
  ];

  /** Which server to show. */
  @property({ attribute: 'server-id' }) serverId = '';
  /** A server to show instead of one of the endpoint. */
  @property({ attribute: false }) data?: Server;
  /** Where the name leads. Empty: nowhere. */
  @property() href = '';
  readonly #live = new LiveItem<Server>(this);
  readonly #recent = new RecentMetrics(this);
  readonly #ticker = new Ticker(this, TEXT_INTERVAL_MS);

  protected override willUpdate(): void {
    if (!this.data && this.serverId) {
      this.#live.show(this.source, {
        path: `/api/v1/servers/${encodeURIComponent(this.serverId)}`,
        event: 'server',
        isSame: (server) => server.server_id === this.serverId,
      });
    }
    const server = this.data ?? this.#live.value;
    if (server && (!this.data || this.serverId)) this.#recent.show(this.source, server.server_id);
    this.#recent.add(server?.latest ?? null);
  }

  override render() {
    const server = this.data ?? this.#live.value;
    if (!server)
      return html`<article class="card" part="card">${this.renderState(this.#live.state, () => void this.#live.reload())}</article>`;
    const isStale = server.status !== 'online';
    return html`<article class="card ${isStale ? 'stale' : ''}" part="card" aria-label=${server.display_name}>
      <header>
        ${statusSign(signOfServer(server.status), messages.serverStatus[server.status])}
        <h3>${this.href ? html`<a href=${this.href} @click=${this.#open}>${server.display_name}</a>` : server.display_name}</h3>
        ${server.open_alerts > 0 ? html`<span class="badge">${messages.server.openAlerts(server.open_alerts)}</span>` : nothing}
      </header>
      ${server.latest ? this.#numbers(server.latest) : nothing}
      <footer>
        <span>${messages.server.uptime} ${this.format.duration(uptimeMs(server.latest))}</span>
        <span>${isStale ? messages.server.lastSeen : ''} ${this.#lastSeen(server)}</span>
      </footer>
    </article>`;
  }

  #numbers(latest: Metrics) {
    const { format } = this;
    const received = this.#recent.column('network_rx_bytes_per_second');
    const busiest = Math.max(1, ...received.map((value) => value ?? 0));
    return html`<dl>
      <div>
        <dt>${messages.server.cpu}</dt>
        <dd>${format.percent(latest.cpu_percent)}</dd>
        ${sparkline(this.#recent.column('cpu_percent'), 100)}
      </div>
      <div>
        <dt>${messages.server.memory}</dt>
        <dd>${format.percent(latest.memory_percent)}</dd>
        ${sparkline(this.#recent.column('memory_percent'), 100)}
      </div>
      <div>
        <dt>${messages.server.network}</dt>
        <dd class="rates">
          <small>↓ ${format.bytesPerSecond(latest.network_rx_bytes_per_second)}</small>
          <small>↑ ${format.bytesPerSecond(latest.network_tx_bytes_per_second)}</small>
        </dd>
        ${sparkline(received, busiest)}
      </div>
      <div>
        <dt>${messages.server.load}</dt>
        <dd>${format.number(latest.load_1m, 2)}</dd>
        <small class="quiet">${[latest.load_5m, latest.load_15m].map((load) => format.number(load, 2)).join(' · ')}</small>
      </div>
      ${latest.disks.map(
        ({ mountpoint, percent }) => html`<div class="wide">
          <dt>${messages.server.disk} ${mountpoint} · ${format.percent(percent)}</dt>
          ${meter(`${messages.server.disk} ${mountpoint}`, percent)}
        </div>`,
      )}
    </dl>`;
  }

  #lastSeen({ last_seen: lastSeen }: Server): string {
    return lastSeen === null ? messages.server.never : this.format.ago(lastSeen, this.#ticker.nowMs);
  }

  #open(event: Event): void {
    const server = this.data ?? this.#live.value;
    const open = new CustomEvent('lk-open', {
      detail: server?.server_id,
      bubbles: true,
      composed: true,
      cancelable: true,
    });
    if (!this.dispatchEvent(open)) event.preventDefault();
  }
}

function uptimeMs(latest: Metrics | null): number | null {
  return latest?.uptime_seconds == null ? null : latest.uptime_seconds * 1_000;
}
