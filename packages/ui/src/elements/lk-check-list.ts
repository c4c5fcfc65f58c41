import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { ApiError } from '../data/api-client.js';
import type { Check, VerdictStatus } from '../data/api-types.js';
import { LiveList } from '../data/live-list.js';
import { Ticker } from '../data/ticker.js';
import { messages } from '../text/messages.js';
import { baseStyles } from '../theme/base-styles.js';
import { beats, beatsStyles } from './beats.js';
import { faultText, LkElement } from './lk-element.js';
import { signOfCheck, statusSign, statusSignStyles } from './status-sign.js';

const STATUSES = ['down', 'degraded', 'unknown', 'up'] as const satisfies readonly VerdictStatus[];
const TEXT_INTERVAL_MS = 10_000;
/** People type several letters; the host is asked once they pause. */
const SEARCH_PAUSE_MS = 200;

/** All checks, the host's search and filter in front, in pages. */
@customElement('lk-check-list')
export class LkCheckList extends LkElement {
  static override styles = [
    ...baseStyles,
    statusSignStyles,
    beatsStyles,
    css`
      .tools {
        display: flex;
        flex-wrap: wrap;
        gap: 10px;
        margin-bottom: 12px;
      }
      .tools input {
        flex: 1 1 200px;
        max-width: 360px;
      }
      li {
        display: grid;
        grid-template-columns: 16px minmax(130px, 1.1fr) minmax(160px, 2fr) 80px 200px auto;
        align-items: center;
        gap: 4px 16px;
        padding: 11px 16px;
        /* Rows out of sight are not laid out: a thousand of them cost what twenty do. */
        content-visibility: auto;
        contain-intrinsic-size: auto 56px;
      }
      li + li {
        border-top: 1px solid var(--_line);
      }
      .name {
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .name strong,
      .message small {
        display: block;
      }
      .name strong {
        font-weight: 600;
      }
      .name small,
      .message small {
        color: var(--_quiet);
        font-size: 12.5px;
      }
      .message {
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .latency {
        text-align: end;
      }
      .actions {
        display: flex;
        gap: 6px;
      }
      .actions button {
        min-height: 28px;
        padding: 2px 9px;
        font-size: 12.5px;
      }
      .more,
      .empty {
        padding: 14px;
        text-align: center;
      }
      @media (max-width: 860px) {
        li {
          grid-template-columns: 16px 1fr auto;
        }
        .latency {
          grid-row: 1;
          grid-column: 3;
        }
        .message,
        .beats,
        .actions {
          grid-column: 2 / -1;
        }
        .beats {
          overflow: hidden;
        }
      }
    `,
  ];

  /** Checks to show instead of those of the endpoint. */
  @property({ attribute: false }) data?: readonly Check[];
  /** Shows buttons that change something. The endpoint asks for the role operator. */
  @property({ type: Boolean }) actions = false;
  @state() private text = '';
  @state() private status: VerdictStatus | '' = '';
  @state() private fault = '';
  readonly #checks = new LiveList<Check>(this);
  readonly #ticker = new Ticker(this, TEXT_INTERVAL_MS);
  #searchTimer: ReturnType<typeof setTimeout> | undefined;

  protected override willUpdate(): void {
    if (this.data) return;
    this.#checks.show(this.source, {
      path: '/api/v1/checks',
      event: 'check',
      kind: 'check',
      query: { q: this.text, status: this.status },
      idOf: ({ check_id: id }) => id,
      accepts: (check) => this.#isWanted(check),
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#searchTimer);
  }

  override render() {
    const { state } = this.#checks;
    const checks = this.data ?? this.#checks.items;
    return html`${this.data ? nothing : this.#tools()}
      <div class="card" part="list">
        ${this.fault ? html`<p class="empty" role="alert">${this.fault}</p>` : nothing}
        ${!this.data && state.kind !== 'ready' ? html`<div class="empty">${this.renderState(state, () => void this.#checks.reload())}</div>` : this.#rows(checks)}
        ${
          this.#checks.rest > 0
            ? html`<p class="more"><button @click=${() => this.#checks.loadMore()}>${messages.loadMore(this.#checks.rest)}</button></p>`
            : nothing
        }
      </div>`;
  }

  #tools() {
    return html`<div class="tools" role="search">
      <input type="search" placeholder=${messages.check.search} aria-label=${messages.check.search} @input=${this.#search} />
      <select aria-label=${messages.checks} @change=${this.#filter}>
        <option value="">${messages.check.all}</option>
        ${STATUSES.map((status) => html`<option value=${status}>${messages.status[status]}</option>`)}
      </select>
    </div>`;
  }

  #rows(checks: readonly Check[]) {
    if (checks.length === 0) {
      const isFiltered = this.text !== '' || this.status !== '';
      return html`<div class="empty">
        <p>${isFiltered ? messages.check.none : messages.check.noneYet}</p>
        ${isFiltered ? nothing : html`<p class="quiet">${messages.check.noneHint}</p>`}
      </div>`;
    }
    return html`<ul>
      ${repeat(
        checks,
        ({ check_id: id }) => id,
        (check) => this.#row(check),
      )}
    </ul>`;
  }

  #row(check: Check) {
    const sign = signOfCheck(check);
    const sinceMs = this.#ticker.nowMs - Date.parse(check.since);
    const { check: words } = messages;
    return html`<li>
      ${statusSign(sign, messages.status[sign])}
      <div class="name">
        <strong>${check.display_name}</strong>
        <small>${check.kind}${check.interval_seconds === null ? '' : ` · ${words.every(this.format.duration(check.interval_seconds * 1_000))}`}</small>
      </div>
      <div class="message">
        ${check.message}
        <small>
          ${messages.status[sign]} ${words.since(this.format.duration(sinceMs))}
          ${check.flapping ? `· ${words.flapping}` : ''} ${check.suppressed_by ? `· ${words.explainedBy(check.suppressed_by)}` : ''}
        </small>
      </div>
      <span class="latency">${this.format.latency(check.latency_ms)}</span>
      ${beats(check.beats)} ${this.actions ? this.#buttons(check) : nothing}
    </li>`;
  }

  #buttons(check: Check) {
    const { check: words } = messages;
    const isPaused = check.state === 'paused';
    return html`<div class="actions">
      <button @click=${() => this.#act(check, 'run')} aria-label="${words.runNow}: ${check.display_name}">${words.runNow}</button>
      <button @click=${() => this.#act(check, isPaused ? 'resume' : 'pause')} aria-label="${isPaused ? words.resume : words.pause}: ${check.display_name}">
        ${isPaused ? words.resume : words.pause}
      </button>
    </div>`;
  }

  async #act({ check_id: id }: Check, action: 'run' | 'pause' | 'resume'): Promise<void> {
    try {
      this.#checks.put(
        await this.client.send<Check>('POST', `/api/v1/checks/${encodeURIComponent(id)}/${action}`),
      );
      this.fault = '';
    } catch (error) {
      this.fault = error instanceof ApiError ? faultText(error) : String(error);
    }
  }

  #isWanted(check: Check): boolean {
    const text = this.text.toLowerCase();
    const isFound = [check.check_id, check.display_name, check.entity_id].some((part) =>
      part.toLowerCase().includes(text),
    );
    return isFound && (this.status === '' || check.status === this.status);
  }

  #search(event: Event): void {
    const { value } = event.target as HTMLInputElement;
    clearTimeout(this.#searchTimer);
    this.#searchTimer = setTimeout(() => (this.text = value.trim()), SEARCH_PAUSE_MS);
  }

  #filter(event: Event): void {
    this.status = (event.target as HTMLSelectElement).value as VerdictStatus | '';
  }
}
