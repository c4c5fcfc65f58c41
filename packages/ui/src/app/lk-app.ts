import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { ApiError } from '../data/api-client.js';
import type { Session } from '../data/api-types.js';
import '../elements/lk-alert-list.js';
import '../elements/lk-check-list.js';
import '../elements/lk-connection-state.js';
import { faultText, LkElement } from '../elements/lk-element.js';
import '../elements/lk-login.js';
import '../elements/lk-server-list.js';
import '../elements/lk-summary-bar.js';
import { messages } from '../text/messages.js';
import { baseStyles } from '../theme/base-styles.js';
import { goTo, linkPath, type Place, placeOf } from './router.js';
import { applyTheme, nextTheme, storedTheme, type Theme } from './theme-choice.js';

/** The dashboard: pages made of the elements that anybody can use. */
@customElement('lk-app')
export class LkApp extends LkElement {
  static override styles = [
    ...baseStyles,
    css`
      :host {
        min-height: 100vh;
        background: var(--_page);
      }
      .bar {
        position: sticky;
        z-index: 1;
        top: 0;
        border-bottom: 1px solid var(--_line);
        background: color-mix(in oklab, var(--_surface) 92%, transparent);
        backdrop-filter: blur(8px);
      }
      .bar > div,
      main {
        max-width: 1320px;
        margin: 0 auto;
        padding: 0 20px;
      }
      .bar > div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 18px;
        min-height: 56px;
      }
      .brand {
        display: flex;
        align-items: center;
        gap: 9px;
        font-size: 16px;
        font-weight: 700;
        letter-spacing: -0.01em;
        text-decoration: none;
      }
      .brand img {
        width: 26px;
        height: 26px;
      }
      nav {
        display: flex;
        gap: 4px;
      }
      nav a {
        padding: 6px 11px;
        border-radius: 8px;
        color: var(--_quiet);
        font-weight: 550;
        text-decoration: none;
      }
      nav a:hover {
        background: var(--_sunken);
      }
      nav a[aria-current] {
        background: var(--_sunken);
        color: var(--_text);
      }
      .end {
        display: flex;
        align-items: center;
        gap: 8px;
        margin-inline-start: auto;
      }
      .icon {
        min-width: 34px;
        padding: 4px 8px;
        border-color: transparent;
        background: none;
        color: var(--_quiet);
      }
      main {
        display: grid;
        gap: 20px;
        padding-top: 20px;
        padding-bottom: 60px;
      }
      main > * {
        min-width: 0;
      }
      h1,
      h2 {
        font-size: 16px;
        letter-spacing: -0.01em;
      }
      main > section {
        display: grid;
        gap: 10px;
      }
      @media (max-width: 640px) {
        .bar > div,
        main {
          padding-inline: 12px;
        }
        .bar > div {
          padding-block: 8px;
        }
        nav {
          order: 3;
          width: 100%;
        }
        nav a {
          flex: 1;
          text-align: center;
        }
      }
    `,
  ];

  @state() private place: Place = placeOf(location.pathname);
  @state() private session?: Session;
  @state() private asked: 'asking' | 'known' | 'failed' = 'asking';
  @state() private fault = '';
  @state() private theme: Theme = storedTheme();
  readonly #followPlace = () => {
    this.place = placeOf(location.pathname);
  };

  override connectedCallback(): void {
    super.connectedCallback();
    applyTheme(this.theme);
    window.addEventListener('popstate', this.#followPlace);
    void this.#askWhoWeAre();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('popstate', this.#followPlace);
  }

  override render() {
    if (this.asked === 'asking') return nothing;
    if (this.asked === 'failed') {
      return html`<main><div role="alert"><p>${this.fault}</p><button @click=${() => this.#askWhoWeAre()}>${messages.retry}</button></div></main>`;
    }
    if (!this.session) return html`<lk-login @lk-login=${this.#onLogin}></lk-login>`;
    return html`<div @click=${this.#onClick}>
      ${this.#bar()}
      <main>${this.#page()}</main>
    </div>`;
  }

  #bar() {
    return html`<header class="bar">
      <div>
        <a class="brand" href="/"><img src="/icon.svg" alt="" />${messages.appName}</a>
        <nav aria-label=${messages.navigation}>
          ${this.#link('/', messages.overview, 'overview')} ${this.#link('/checks', messages.checks, 'checks')}
          ${this.#link('/alerts', messages.alerts, 'alerts')}
        </nav>
        <div class="end">
          <lk-connection-state></lk-connection-state>
          <button class="icon" @click=${this.#switchTheme} title=${messages.theme[this.theme]} aria-label=${messages.theme[this.theme]}>
            ${{ auto: '◐', light: '☀', dark: '☾' }[this.theme]}
          </button>
          <button class="icon" @click=${this.#logOut}>${messages.logOut}</button>
        </div>
      </div>
    </header>`;
  }

  #link(href: string, text: string, page: Place['page']) {
    return html`<a href=${href} aria-current=${this.place.page === page ? 'page' : nothing}>${text}</a>`;
  }

  #page() {
    const mayAct = this.session?.actor.role !== 'viewer';
    switch (this.place.page) {
      case 'server':
        // Charts are fetched when somebody wants to see them.
        void import('../elements/lk-server-detail.js');
        return html`<lk-server-detail server-id=${this.place.serverId}></lk-server-detail>`;
      case 'checks':
        return html`<h1>${messages.checks}</h1><lk-check-list ?actions=${mayAct}></lk-check-list>`;
      case 'alerts':
        return html`<h1>${messages.alerts}</h1><lk-alert-list choice ?actions=${mayAct}></lk-alert-list>`;
      default:
        return html`<h1 class="visually-hidden">${messages.overview}</h1>
          <lk-summary-bar></lk-summary-bar>
          <section><h2>${messages.alerts}</h2><lk-alert-list ?actions=${mayAct}></lk-alert-list></section>
          <section><h2>${messages.servers}</h2><lk-server-list href-base="/servers/"></lk-server-list></section>
          <section><h2>${messages.checks}</h2><lk-check-list ?actions=${mayAct}></lk-check-list></section>`;
    }
  }

  async #askWhoWeAre(): Promise<void> {
    try {
      this.session = await this.client.get<Session>('/api/v1/session');
      this.asked = 'known';
    } catch (error) {
      const isStranger = error instanceof ApiError && error.fault === 'unauthorized';
      this.asked = isStranger ? 'known' : 'failed';
      this.fault = error instanceof ApiError ? faultText(error) : String(error);
    }
  }

  #onLogin({ detail }: CustomEvent<Session>): void {
    this.session = detail;
  }

  #onClick(event: MouseEvent): void {
    const path = linkPath(event);
    if (path === undefined) return;
    event.preventDefault();
    goTo(path);
    window.scrollTo(0, 0);
  }

  #switchTheme(): void {
    this.theme = nextTheme(this.theme);
    applyTheme(this.theme);
  }

  async #logOut(): Promise<void> {
    await this.client.send('DELETE', '/api/v1/session').catch(() => undefined);
    this.session = undefined;
  }
}
