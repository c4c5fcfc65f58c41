import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ADMIN_KEY } from '../running-host.js';
import { Trouble } from './trouble.js';

/** What the host watches: an exporter, web sites, and a program that pushes alerts. It goes on while the host is dead. */
export class TroubledWorld {
  readonly troubles: Trouble[] = [];
  readonly sites: readonly Trouble[];
  readonly #server: Server;

  private constructor(siteCount: number) {
    this.sites = Array.from({ length: siteCount }, (_, index) => new Trouble(`site-${index}`, 'check'));
    this.troubles.push(...this.sites);
    this.#server = createServer(({ url = '' }, response) => {
      if (url === '/metrics') return response.setHeader('content-type', 'text/plain').end(this.#metrics());
      const site = this.sites.find(({ name }) => url === `/${name}`);
      if (site?.isOn) site.shown();
      return response.writeHead(site?.isOn ? 500 : 200).end('-');
    });
  }

  static async start(siteCount: number): Promise<TroubledWorld> {
    const world = new TroubledWorld(siteCount);
    await new Promise<void>((resolve) => world.#server.listen(0, '127.0.0.1', resolve));
    return world;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Sends what is pushed, as Prometheus does: what goes on again and again, an end until it was taken. A host that is dead hears nothing. */
  async push(hostUrl: string): Promise<void> {
    const news = this.troubles.filter(
      ({ way, isOn, hasEndToPush }) => way === 'push' && (isOn || hasEndToPush),
    );
    const sent = news.map((trouble) => ({ trouble, isOn: trouble.isOn }));
    if (sent.length === 0) return;
    const response = await fetch(`${hostUrl}/alertmanager/api/v2/alerts`, {
      method: 'POST',
      headers: { 'x-api-key': ADMIN_KEY, 'content-type': 'application/json' },
      body: JSON.stringify(news.map(pushed)),
    }).catch(() => undefined);
    if (response?.status !== 200) return;
    for (const { trouble, isOn } of sent) {
      if (isOn) trouble.shown();
      else if (!trouble.isOn) trouble.hasEndToPush = false;
    }
  }

  #metrics(): string {
    const measured = this.troubles.filter(({ way }) => way === 'rule' || way === 'patient');
    for (const trouble of measured) if (trouble.isOn) trouble.shown();
    const lines = measured.map(
      ({ name, way, isOn }) => `${way}_trouble{trouble="${name}"} ${Number(isOn)}\n`,
    );
    return lines.join('');
  }
}

function pushed({ name, isOn }: Trouble) {
  const now = new Date().toISOString();
  return {
    labels: { alertname: 'PushedTrouble', trouble: name, severity: 'warning' },
    annotations: { summary: `${name} is in trouble` },
    ...(isOn ? {} : { endsAt: now }),
  };
}
