import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Counts } from '../data/api-types.js';
import { LiveItem } from '../data/live-item.js';
import { messages } from '../text/messages.js';
import { baseStyles } from '../theme/base-styles.js';
import { LkElement } from './lk-element.js';
import { type Sign, statusSign, statusSignStyles } from './status-sign.js';

/** Is the house well? One sentence, and three numbers. */
@customElement('lk-summary-bar')
export class LkSummaryBar extends LkElement {
  static override styles = [
    ...baseStyles,
    statusSignStyles,
    css`
      section {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 12px 28px;
        padding: 16px 20px;
      }
      .verdict {
        display: flex;
        flex: 1 1 260px;
        align-items: center;
        gap: 12px;
        font-size: 19px;
        font-weight: 650;
        letter-spacing: -0.01em;
      }
      .verdict .sign {
        width: 26px;
        height: 26px;
      }
      dl {
        display: flex;
        gap: 28px;
      }
      dt {
        color: var(--_quiet);
        font-size: 12.5px;
      }
      dd {
        font-size: 18px;
        font-weight: 600;
      }
      dd small {
        color: var(--_quiet);
        font-size: 13px;
        font-weight: 400;
      }
    `,
  ];

  /** Counts to show instead of those of an endpoint. */
  @property({ attribute: false }) data?: Counts;
  readonly #counts = new LiveItem<Counts>(this);

  protected override willUpdate(): void {
    if (this.data) return;
    this.#counts.show(this.source, { path: '/api/v1/system/stats', event: 'stats', isSame: () => true });
  }

  override render() {
    const counts = this.data ?? this.#counts.value;
    if (!counts)
      return html`<section class="card">${this.renderState(this.#counts.state, () => void this.#counts.reload())}</section>`;
    const { sign, text } = houseVerdict(counts);
    return html`<section class="card" aria-label=${messages.summary.label} part="bar">
      <p class="verdict" role="status">${statusSign(sign, '')}<span>${text}</span></p>
      <dl>
        ${this.#share(messages.summary.servers, counts.servers.online, counts.servers.total)}
        ${this.#share(messages.summary.checks, counts.checks.up, counts.checks.total - counts.checks.paused)}
        ${this.#share(messages.summary.alerts, counts.alerts.open, undefined)}
      </dl>
    </section>`;
  }

  #share(label: string, count: number, of: number | undefined) {
    return html`<div>
      <dt>${label}</dt>
      <dd>${this.format.number(count)}${of === undefined ? nothing : html`<small> / ${this.format.number(of)}</small>`}</dd>
    </div>`;
  }
}

/** The worst thing first; everything else can wait for a closer look. */
function houseVerdict({ servers, checks, alerts }: Counts): {
  readonly sign: Sign;
  readonly text: string;
} {
  const { summary } = messages;
  if (checks.down > 0) return { sign: 'down', text: summary.down(checks.down) };
  if (servers.offline > 0) return { sign: 'down', text: summary.offline(servers.offline) };
  if (checks.degraded > 0) return { sign: 'degraded', text: summary.degraded(checks.degraded) };
  if (checks.unknown > 0) return { sign: 'unknown', text: summary.unknown(checks.unknown) };
  if (alerts.open > 0) return { sign: 'degraded', text: summary.openAlerts(alerts.open) };
  if (checks.total === 0 && servers.total === 0) return { sign: 'unknown', text: summary.noChecks };
  return { sign: 'up', text: summary.well };
}
