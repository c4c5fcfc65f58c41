import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { ApiClient, type ApiError, type Endpoint } from '../data/api-client.js';
import type { LoadState } from '../data/live-list.js';
import { type Formatter, pageFormatter } from '../text/format.js';
import { messages } from '../text/messages.js';
import { baseStyles } from '../theme/base-styles.js';

/** What all elements share: whom they ask, how they speak, and how they look while there is nothing to show. */
export abstract class LkElement extends LitElement {
  static override styles: typeof baseStyles = baseStyles;

  /** Origin of the Labkeeper host, such as `https://monitor.example`. Empty: the page's own origin. */
  @property() endpoint = '';
  /** An API key with the role viewer. Without it the session cookie of the page counts. */
  @property({ attribute: 'key' }) apiKey = '';

  protected readonly format: Formatter = pageFormatter();

  protected get source(): Endpoint {
    return { url: this.endpoint.replace(/\/+$/, ''), key: this.apiKey || undefined };
  }

  protected get client(): ApiClient {
    return new ApiClient(this.source);
  }

  /** What to show instead of the content; nothing once there is content. */
  protected renderState(state: LoadState, retry: () => void): TemplateResult | typeof nothing {
    if (state.kind === 'ready') return nothing;
    if (state.kind === 'loading')
      return html`<p class="quiet" role="status" part="state">${messages.loading}</p>`;
    return html`<div role="alert" part="state">
      <p>${faultText(state.error)}</p>
      <button @click=${retry}>${messages.retry}</button>
    </div>`;
  }

  /** Tells the page that something happened, through shadow roots. */
  protected tell(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

/** What went wrong, for people. */
export function faultText({ fault, message }: ApiError): string {
  const known = messages.errors[fault];
  return fault === 'other' ? `${known} (${message})` : known;
}
