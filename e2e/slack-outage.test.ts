import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type SlackWebhook, startSlackWebhook } from '@labkeeper/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually, type RunningHost, startHost, temporaryFolder } from './running-host.js';

/** A web site that can be killed and brought back at the same address. */
class Site {
  port = 0;
  #server: Server | undefined;
  readonly #sockets = new Set<Socket>();

  async start(): Promise<void> {
    const server = createServer((_, response) => response.end('ok'));
    server.on('connection', (socket) => this.#sockets.add(socket));
    await new Promise<void>((resolve, reject) =>
      server.once('error', reject).listen(this.port, '127.0.0.1', resolve),
    );
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async kill(): Promise<void> {
    const closed = new Promise((resolve) =>
      this.#server ? this.#server.close(resolve) : resolve(undefined),
    );
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    this.#server = undefined;
  }
}

interface Stats {
  readonly checks: { readonly up: number; readonly down: number };
  readonly outbox: { readonly pending: number; readonly dead: number };
}

describe('a site that goes down', () => {
  const site = new Site();
  let slack: SlackWebhook;
  let host: RunningHost | undefined;
  const yaml = () => `
check:
  - http: { url: 'http://127.0.0.1:${site.port}/' }
    name: shop
    every: 1s
    timeout: 1s
notify:
  - slack: { webhook: '${slack.webhook}' }
`;
  const stats = () => (host as RunningHost).api<Stats>('/api/v1/system/stats');
  const spoken = () => slack.messages.map((message) => JSON.stringify(message));

  beforeEach(async () => {
    slack = await startSlackWebhook();
    site.port = 0;
    await site.start();
  });
  afterEach(async () => {
    await host?.end('SIGKILL');
    await site.kill();
    await slack.close();
  });

  it('is told to Slack, and so is its return, in the form that Slack documents', async () => {
    host = await startHost({ yaml: yaml() });
    await eventually(async () => (await stats()).checks.up === 1, 'the site is up');
    await site.kill();
    await eventually(() => slack.messages.length === 1, 'Slack hears that the site is down');
    expect(spoken()[0]).toMatch(/shop/);
    await site.start();
    await eventually(() => slack.messages.length === 2, 'Slack hears that the site is back');
    expect(spoken()[1]).toMatch(/shop/);
    expect(slack.complaints).toEqual([]);
  });

  it('is told once when Slack was down meanwhile and Labkeeper was killed', async () => {
    const dataDir = temporaryFolder();
    host = await startHost({ yaml: yaml(), dataDir });
    await eventually(async () => (await stats()).checks.up === 1, 'the site is up');
    slack.always('rollup_error');
    await site.kill();
    await eventually(() => slack.requests.length > 0, 'Labkeeper has tried to tell Slack');
    expect(slack.messages).toHaveLength(0);
    await host.end('SIGKILL');
    slack.always(undefined);
    host = await startHost({ yaml: yaml(), dataDir });
    await eventually(() => slack.messages.length > 0, 'Slack hears of it after all');
    await eventually(async () => {
      const { checks, outbox } = await stats();
      return checks.down === 1 && outbox.pending === 0;
    }, 'the check has run again and nothing waits to be sent');
    expect(slack.messages).toHaveLength(1);
    expect(slack.complaints).toEqual([]);
  });
});
