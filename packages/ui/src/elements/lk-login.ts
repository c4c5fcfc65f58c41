import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { ApiError } from '../data/api-client.js';
import type { Session } from '../data/api-types.js';
import { messages } from '../text/messages.js';
import { baseStyles } from '../theme/base-styles.js';
import { faultText, LkElement } from './lk-element.js';

/**
 * Opens a session with a key.
 * @fires lk-login - A session is open; `detail` is the session.
 */
@customElement('lk-login')
export class LkLogin extends LkElement {
  static override styles = [
    ...baseStyles,
    css`
      form {
        display: grid;
        gap: 14px;
        max-width: 380px;
        margin: 12vh auto 0;
        padding: 28px;
      }
      h1 {
        font-size: 20px;
      }
      label {
        display: grid;
        gap: 5px;
        font-weight: 550;
      }
      .fault {
        color: var(--_down);
      }
      small {
        color: var(--_quiet);
      }
    `,
  ];

  @state() private fault = '';
  @state() private progress: 'idle' | 'asking' = 'idle';

  override render() {
    const { login } = messages;
    return html`<form class="card" @submit=${this.#submit} part="form">
      <h1>${login.title}</h1>
      <label>${login.key}<input name="key" type="password" autocomplete="current-password" required autofocus /></label>
      ${this.fault ? html`<p class="fault" role="alert">${this.fault}</p>` : nothing}
      <button class="primary" ?disabled=${this.progress === 'asking'}>${login.submit}</button>
      <small>${login.hint}</small>
    </form>`;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const key = new FormData(event.target as HTMLFormElement).get('key');
    this.progress = 'asking';
    try {
      // Pasted keys come with blanks around them.
      const session = await this.client.send<Session>('POST', '/api/v1/session', { key: String(key).trim() });
      this.fault = '';
      this.tell('lk-login', session);
    } catch (error) {
      this.fault = error instanceof ApiError ? faultText(error) : String(error);
    } finally {
      this.progress = 'idle';
    }
  }
}
