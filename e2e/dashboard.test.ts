import { createServer } from 'node:http';
import { startHttpServer } from '@labkeeper/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, launchBrowser } from './browser.js';
import { ADMIN_KEY, eventually, freePort, type RunningHost, startHost } from './running-host.js';

if (browserPath === undefined) {
  console.warn(
    'e2e/dashboard: skipped, no Chromium found. `npm run setup:ci` installs it; LABKEEPER_BROWSER names another.',
  );
}

/** Everything is on this machine; a page that takes longer is broken. */
const PAGE_TIMEOUT_MS = 15_000;

interface ServerPage {
  readonly items: readonly {
    readonly server_id: string;
    readonly latest: { readonly cpu_percent: number | null } | null;
  }[];
}

describe.skipIf(browserPath === undefined)('the page on the real host', () => {
  let browser: Browser;
  let host: RunningHost;
  let site: Awaited<ReturnType<typeof startHttpServer>>;
  let foreignPort = 0;
  let serverId = '';

  beforeAll(async () => {
    [browser, site, foreignPort] = await Promise.all([launchBrowser(), startHttpServer(), freePort()]);
    host = await startHost({
      yaml: `
api: { allowed_origins: ['http://127.0.0.1:${foreignPort}'] }
collect:
  - system: {}
    every: 1s
    timeout: 1s
check:
  - http: { url: '${site.url}/' }
    name: shop
    every: 1s
    timeout: 1s
`,
    });
    await eventually(async () => {
      const { items } = await host.api<ServerPage>('/api/v1/servers');
      serverId = items[0]?.server_id ?? '';
      return typeof items[0]?.latest?.cpu_percent === 'number';
    }, 'this machine has reported twice');
  });
  afterAll(async () => {
    await browser.close();
    await host.end();
    await site.close();
  });

  /** A page of its own, with faults of scripts collected. */
  async function openPage(
    path: string,
    options: { login?: boolean; width?: number; scheme?: 'light' | 'dark' } = {},
  ) {
    const { login = true, width = 1280, scheme = 'light' } = options;
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
    const page = await context.newPage();
    page.setDefaultTimeout(PAGE_TIMEOUT_MS);
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(host.url + path);
    if (login) {
      await page.getByLabel('Key').fill(ADMIN_KEY);
      await page.getByRole('button', { name: 'Log in' }).click();
    }
    return { page, faults, close: () => context.close() };
  }

  /** Text of the number under a heading of the server's card. */
  const numberOf = (page: Page, term: string) =>
    page.locator('lk-server-card dl > div', { hasText: term }).first().locator('dd').innerText();

  it('asks strangers for a key, refuses a wrong one and says so', async () => {
    const { page, close } = await openPage('/', { login: false });
    await page.getByLabel('Key').fill('certainly-not-the-key');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('The key or the session is not valid.').waitFor();
    await close();
  });

  it('shows this machine live: CPU, memory, disks, network, load and uptime', async () => {
    const { page, faults, close } = await openPage('/');
    await page.locator('lk-server-card article').waitFor();
    expect(await numberOf(page, 'CPU')).toMatch(/%$/);
    expect(await numberOf(page, 'Memory')).toMatch(/%$/);
    expect(await numberOf(page, 'Network')).toMatch(/\/s$/);
    expect(await numberOf(page, 'Load')).toMatch(/\d/);
    await page
      .locator('lk-server-card')
      .getByText(/Disk \/ ·/)
      .waitFor();
    await page
      .locator('lk-server-card footer')
      .getByText(/Uptime .*\d/)
      .waitFor();
    await page.getByRole('status').getByText('Live').waitFor();
    const before = await page.locator('lk-server-card article').innerText();
    await eventually(
      async () => (await page.locator('lk-server-card article').innerText()) !== before,
      'the numbers move',
    );
    expect(faults).toEqual([]);
    await close();
  });

  it('draws the history of a server, reached by its name and left by the back button', async () => {
    const { page, faults, close } = await openPage('/');
    await page.locator('lk-server-card h3 a').click();
    await page.locator('lk-server-detail canvas').nth(3).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/servers/${encodeURIComponent(serverId)}`);
    await page.getByRole('button', { name: '1 hour' }).click();
    await page.locator('lk-server-detail canvas').nth(3).waitFor();
    await page.goBack();
    await page.locator('lk-summary-bar').waitFor();
    expect(faults).toEqual([]);
    await close();
  });

  it('opens a deep address directly, with its files', async () => {
    const { page, faults, close } = await openPage(`/servers/${encodeURIComponent(serverId)}`);
    await page.locator('lk-server-detail canvas').first().waitFor();
    expect(faults).toEqual([]);
    await close();
  });

  it('shows a site that goes down as an alert, without loading the page anew, and takes the acknowledgement', async () => {
    const { page, close } = await openPage('/');
    await page.locator('lk-summary-bar').getByText('All is well').waitFor();
    await site.close();
    await page.locator('lk-summary-bar').getByText('1 check is down').waitFor();
    await page.locator('lk-alert-list h3', { hasText: 'shop' }).waitFor();
    await page.getByRole('button', { name: /^Acknowledge/ }).click();
    await page.getByLabel('Why? (others will read it)').fill('moving the server');
    await page.keyboard.press('Enter');
    await page.locator('lk-alert-list').getByText('No open alerts.').waitFor();
    await page.getByRole('link', { name: 'Alerts' }).click();
    await page.getByRole('button', { name: 'Acknowledged' }).click();
    await page
      .locator('lk-alert-list')
      .getByText(/has seen it: moving the server/)
      .waitFor();
    await close();
  });

  it.each([
    ['a phone', { width: 360 }],
    ['a desktop in the dark', { width: 1280, scheme: 'dark' as const }],
  ])('fits on %s without scrolling sideways', async (_, options) => {
    const { page, close } = await openPage('/', options);
    await page.locator('lk-server-card article').waitFor();
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
    await close();
  });

  it('lends a single card to a page of another origin', async () => {
    const html = `<!doctype html><script type="module" src="${host.url}/elements.js"></script>
      <lk-server-card endpoint="${host.url}" key="${ADMIN_KEY}" server-id="${serverId}"></lk-server-card>`;
    const foreign = createServer((_, response) => response.setHeader('content-type', 'text/html').end(html));
    await new Promise<void>((resolve) => foreign.listen(foreignPort, '127.0.0.1', resolve));
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${foreignPort}/`);
    await page.locator('lk-server-card article').waitFor({ timeout: PAGE_TIMEOUT_MS });
    expect(await numberOf(page, 'CPU')).toMatch(/%$/);
    await page.close();
    foreign.closeAllConnections();
    await new Promise((resolve) => foreign.close(resolve));
  });
});
