import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Server } from '../data/api-types.js';
import { LiveList } from '../data/live-list.js';
import { messages } from '../text/messages.js';
import { baseStyles } from '../theme/base-styles.js';
import { LkElement } from './lk-element.js';
import './lk-server-card.js';

/** All servers as cards. */
@customElement('lk-server-list')
export class LkServerList extends LkElement {
  static override styles = [
    ...baseStyles,
    css`
      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 290px), 1fr));
        gap: 16px;
      }
      .empty {
        padding: 28px;
        text-align: center;
      }
    `,
  ];

  /** Servers to show instead of those of the endpoint. */
  @property({ attribute: false }) data?: readonly Server[];
  /** Beginning of the address of a server's page; the id is put behind it. Empty: names lead nowhere. */
  @property({ attribute: 'href-base' }) hrefBase = '';
  readonly #servers = new LiveList<Server>(this);

  protected override willUpdate(): void {
    if (this.data) return;
    this.#servers.show(this.source, {
      path: '/api/v1/servers',
      event: 'server',
      kind: 'server',
      idOf: ({ server_id: id }) => id,
    });
  }

  override render() {
    const { state } = this.#servers;
    if (!this.data && state.kind !== 'ready')
      return this.renderState(state, () => void this.#servers.reload());
    const servers = this.data ?? this.#servers.items;
    if (servers.length === 0) {
      return html`<div class="card empty"><p>${messages.server.none}</p><p class="quiet">${messages.server.noneHint}</p></div>`;
    }
    return html`<div class="grid">
      ${repeat(
        servers,
        ({ server_id: id }) => id,
        (server) => html`<lk-server-card
          .endpoint=${this.endpoint}
          .apiKey=${this.apiKey}
          .serverId=${this.data ? '' : server.server_id}
          .data=${server}
          .href=${this.hrefBase ? this.hrefBase + encodeURIComponent(server.server_id) : ''}
        ></lk-server-card>`,
      )}
    </div>
    ${this.#servers.rest > 0 ? html`<button @click=${() => this.#servers.loadMore()}>${messages.loadMore(this.#servers.rest)}</button>` : ''}`;
  }
}
