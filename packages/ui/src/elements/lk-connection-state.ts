import { css, html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { type ConnectionState, sharedStream } from '../data/live-stream.js';
import { messages } from '../text/messages.js';
import { baseStyles } from '../theme/base-styles.js';
import { LkElement } from './lk-element.js';

/** Says whether what the page shows is live, within 5 s of losing it. */
@customElement('lk-connection-state')
export class LkConnectionState extends LkElement {
  static override styles = [
    ...baseStyles,
    css`
      :host {
        display: inline-block;
      }
      span {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        padding: 3px 10px;
        border-radius: 99px;
        background: var(--_sunken);
        color: var(--_quiet);
        font-size: 12.5px;
        white-space: nowrap;
      }
      span::before {
        width: 8px;
        height: 8px;
        border: 1.5px solid currentColor;
        border-radius: 50%;
        content: '';
      }
      .live::before {
        border-color: var(--_up);
        background: var(--_up);
      }
      .lost {
        background: var(--_down);
        color: var(--_surface);
        font-weight: 600;
      }
    `,
  ];

  @state() private connection: ConnectionState = 'connecting';
  #leave: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    const stream = sharedStream(this.source);
    this.#leave = stream.listen({
      onState: (connection) => {
        this.connection = connection;
        this.tell('lk-connection', connection);
      },
    });
    this.connection = stream.state;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave?.();
  }

  override render() {
    const hint = this.connection === 'lost' ? messages.connectionHint : '';
    return html`<span class=${this.connection} role="status" title=${hint} part="state">${messages.connection[this.connection]}</span>`;
  }
}
