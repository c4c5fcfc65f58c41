import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { ApiError } from '../data/api-client.js';
import type { Alert, AlertStatus } from '../data/api-types.js';
import { LiveList } from '../data/live-list.js';
import { Ticker } from '../data/ticker.js';
import { messages } from '../text/messages.js';
import { baseStyles } from '../theme/base-styles.js';
import { faultText, LkElement } from './lk-element.js';
import { signOfAlert, statusSign, statusSignStyles } from './status-sign.js';

const STATUSES = ['open', 'acknowledged', 'resolved'] as const satisfies readonly AlertStatus[];
const TEXT_INTERVAL_MS = 10_000;

/** Alerts, with a button to say that somebody has seen one. */
@customElement('lk-alert-list')
export class LkAlertList extends LkElement {
  static override styles = [
    ...baseStyles,
    statusSignStyles,
    css`
      .tools {
        display: flex;
        gap: 6px;
        margin-bottom: 12px;
      }
      .tools [aria-pressed='true'] {
        border-color: var(--_accent);
        background: color-mix(in oklab, var(--_accent) 12%, var(--_surface));
        font-weight: 600;
      }
      li {
        display: grid;
        grid-template-columns: 16px 1fr auto;
        gap: 4px 14px;
        padding: 13px 16px;
      }
      li + li {
        border-top: 1px solid var(--_line);
      }
      li .sign {
        margin-top: 3px;
      }
      h3 {
        font-size: 14.5px;
        font-weight: 600;
      }
      .body {
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .body small {
        color: var(--_quiet);
        font-size: 12.5px;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        align-items: start;
        justify-content: end;
        gap: 6px;
      }
      form {
        display: flex;
        flex-wrap: wrap;
        grid-column: 2 / -1;
        gap: 6px;
        margin-top: 6px;
      }
      form input {
        flex: 1 1 220px;
      }
      .empty,
      .more {
        padding: 22px;
        text-align: center;
      }
      @media (max-width: 640px) {
        li {
          grid-template-columns: 16px 1fr;
        }
        .actions {
          grid-column: 2;
          justify-content: start;
        }
      }
    `,
  ];

  /** Alerts to show instead of those of the endpoint. */
  @property({ attribute: false }) data?: readonly Alert[];
  /** Only those of this server. */
  @property({ attribute: 'server-id' }) serverId = '';
  /** Shows buttons that change something. The endpoint asks for the role operator. */
  @property({ type: Boolean }) actions = false;
  /** Shows the choice between open, acknowledged and resolved ones. */
  @property({ type: Boolean }) choice = false;
  @state() private status: AlertStatus = 'open';
  /** The alert for which a reason is being typed. */
  @state() private asking = '';
  @state() private fault = '';
  readonly #alerts = new LiveList<Alert>(this);
  readonly #ticker = new Ticker(this, TEXT_INTERVAL_MS);

  protected override willUpdate(): void {
    if (this.data) return;
    this.#alerts.show(this.source, {
      path: '/api/v1/alerts',
      event: 'alert',
      kind: 'alert',
      query: { status: this.status, server_id: this.serverId },
      idOf: ({ alert_id: id }) => id,
      accepts: (alert) =>
        alert.status === this.status && (this.serverId === '' || alert.server_id === this.serverId),
    });
  }

  override render() {
    const { state } = this.#alerts;
    const isReady = this.data !== undefined || state.kind === 'ready';
    return html`${this.choice ? this.#choice() : nothing}
      <div class="card" part="list" aria-live="polite">
        ${this.fault ? html`<p class="empty" role="alert">${this.fault}</p>` : nothing}
        ${isReady ? this.#rows(this.data ?? this.#alerts.items) : html`<div class="empty">${this.renderState(state, () => void this.#alerts.reload())}</div>`}
        ${
          this.#alerts.rest > 0
            ? html`<p class="more"><button @click=${() => this.#alerts.loadMore()}>${messages.loadMore(this.#alerts.rest)}</button></p>`
            : nothing
        }
      </div>`;
  }

  #choice() {
    return html`<div class="tools" role="group" aria-label=${messages.alert.filter}>
      ${STATUSES.map(
        (status) =>
          html`<button aria-pressed=${status === this.status} @click=${() => (this.status = status)}>${messages.alertStatus[status]}</button>`,
      )}
    </div>`;
  }

  #rows(alerts: readonly Alert[]) {
    if (alerts.length === 0)
      return html`<p class="empty quiet">${this.status === 'open' ? messages.alert.none : messages.alert.noneEver}</p>`;
    const newestFirst = [...alerts].sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
    return html`<ul>
      ${repeat(
        newestFirst,
        ({ alert_id: id }) => id,
        (alert) => this.#row(alert),
      )}
    </ul>`;
  }

  #row(alert: Alert) {
    const { alert: words } = messages;
    return html`<li data-alert=${alert.alert_id}>
      ${statusSign(signOfAlert(alert.status, alert.severity), messages.severity[alert.severity])}
      <div class="body">
        <h3>${alert.title}</h3>
        <p>${alert.message}</p>
        <small>
          ${messages.severity[alert.severity]} · ${words.began}
          <time datetime=${alert.created_at} title=${this.format.dateTime(alert.created_at)}>${this.format.ago(alert.created_at, this.#ticker.nowMs)}</time>
          ${alert.resolved_at ? `· ${words.ended} ${this.format.ago(alert.resolved_at, this.#ticker.nowMs)}` : ''}
          ${alert.acknowledged_by ? `· ${words.acknowledgedBy(alert.acknowledged_by, alert.acknowledged_reason ?? '')}` : ''}
          ${alert.suppressed_by && alert.status !== 'resolved' ? `· ${words.heldBackBy(alert.suppressed_by)}` : ''}
        </small>
      </div>
      ${this.actions && alert.status !== 'resolved' ? this.#buttons(alert) : nothing}
      ${this.asking === alert.alert_id ? this.#reasonForm(alert) : nothing}
    </li>`;
  }

  #buttons(alert: Alert) {
    const { alert: words } = messages;
    return html`<div class="actions">
      ${
        alert.status === 'open' && this.asking !== alert.alert_id
          ? html`<button class="primary" @click=${() => this.#ask(alert)} aria-label="${words.acknowledge}: ${alert.title}">${words.acknowledge}</button>`
          : nothing
      }
      <button @click=${() => this.#send(alert, 'resolve', '')} aria-label="${words.resolve}: ${alert.title}">${words.resolve}</button>
    </div>`;
  }

  #reasonForm(alert: Alert) {
    const { alert: words } = messages;
    const submit = (event: SubmitEvent) => {
      event.preventDefault();
      const reason = new FormData(event.target as HTMLFormElement).get('reason');
      void this.#send(alert, 'acknowledge', typeof reason === 'string' ? reason : '');
    };
    return html`<form @submit=${submit} @keydown=${this.#cancelOnEscape}>
      <input name="reason" maxlength="500" placeholder=${words.acknowledgeReason} aria-label=${words.acknowledgeReason} />
      <button class="primary">${words.confirm}</button>
      <button type="button" @click=${() => (this.asking = '')}>${words.cancel}</button>
    </form>`;
  }

  #cancelOnEscape({ key }: KeyboardEvent): void {
    if (key === 'Escape') this.asking = '';
  }

  #ask({ alert_id: id }: Alert): void {
    this.asking = id;
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLInputElement>('form input')?.focus(),
    );
  }

  async #send({ alert_id: id }: Alert, action: 'acknowledge' | 'resolve', reason: string): Promise<void> {
    this.asking = '';
    try {
      const body = reason === '' ? {} : { reason };
      this.#alerts.put(
        await this.client.send<Alert>('POST', `/api/v1/alerts/${encodeURIComponent(id)}/${action}`, body),
      );
      this.fault = '';
    } catch (error) {
      this.fault = error instanceof ApiError ? faultText(error) : String(error);
    }
  }
}
