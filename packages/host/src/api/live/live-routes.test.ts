import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiStage, apiStage, faultOf } from '../../../fixtures/api-stage.js';
import { ScriptedCheck } from '../../../fixtures/scripted-check.js';

/** One event as a browser would see it. */
interface LiveEvent {
  readonly id: string;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** A client with a real connection. */
class Client {
  #text = '';
  #wake: () => void = () => undefined;
  isEnded = false;
  readonly #stop = new AbortController();

  constructor(readonly response: Response) {}

  static async open(url: string, headers: Record<string, string>): Promise<Client> {
    const stop = new AbortController();
    const response = await fetch(url, { headers, signal: stop.signal });
    const client = new Client(response);
    client.#stop.signal.addEventListener('abort', () => stop.abort());
    void client.#read();
    return client;
  }

  get events(): readonly LiveEvent[] {
    const blocks = this.#text
      .split('\n\n')
      .slice(0, -1)
      .filter((block) => block.includes('\ndata: '));
    return blocks.map((block) => {
      const field = (name: string) =>
        block
          .split('\n')
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2) ?? '';
      return { id: field('id'), event: field('event'), data: JSON.parse(field('data')) as LiveEvent['data'] };
    });
  }

  get text(): string {
    return this.#text;
  }

  /** Resolves as soon as it is so; what is waited for always comes, or the test's own limit ends it. */
  async until(
    isSo: (events: readonly LiveEvent[], client: Client) => boolean,
  ): Promise<readonly LiveEvent[]> {
    while (!isSo(this.events, this)) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.events;
  }

  close(): void {
    this.#stop.abort();
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of this.response.body ?? []) {
        this.#text += decoder.decode(chunk as Uint8Array, { stream: true });
        this.#wake();
      }
    } catch {
      // The connection was cut: that is an end too.
    }
    this.isEnded = true;
    this.#wake();
  }
}

let stage: ApiStage;
let url: string;
let clients: Client[];
let web: ScriptedCheck;

beforeEach(async () => {
  stage = await apiStage();
  clients = [];
  web = new ScriptedCheck('web', 'server:nas');
  await stage.watch(web);
  url = await stage.api.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  for (const client of clients) client.close();
  await stage.close();
});

async function listen(query = '', headers: Record<string, string> = {}): Promise<Client> {
  const client = await Client.open(`${url}/api/v1/events${query}`, {
    'x-api-key': stage.keyOf.viewer,
    ...headers,
  });
  clients.push(client);
  return client;
}

const names = (events: readonly LiveEvent[]) => events.map(({ event }) => event);

describe('the event stream', () => {
  it('is a stream of server-sent events that nothing on the way may hold back', async () => {
    const { response } = await listen();
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
  });

  it('tells of a check as its own route shows it', async () => {
    const client = await listen('?topics=checks');
    web.says('degraded', 'slow');
    await stage.engine.checks.runNow('web');
    const [event] = await client.until((events) => events.length > 0);
    expect(event).toEqual({ id: 'boot-1', event: 'check', data: await stage.read('/api/v1/checks/web') });
  });

  it('tells of an alert, its server and the counts when a check goes down', async () => {
    const client = await listen();
    web.says('down');
    await stage.run(web);
    await stage.clock.advance(3_000);
    const events = await client.until((found) =>
      ['check', 'alert', 'server', 'stats'].every((name) => names(found).includes(name)),
    );
    const last = (name: string) => events.filter(({ event }) => event === name).at(-1)?.data;
    const { items } = await stage.read<{ items: object[] }>('/api/v1/alerts');
    expect(last('alert')).toEqual(items[0]);
    expect(last('server')).toMatchObject({ server_id: 'nas', checks: { down: 1 }, open_alerts: 1 });
    expect(last('stats')).toMatchObject({ checks: { total: 1, down: 1 }, alerts: { open: 1, high: 1 } });
  });

  it('tells of one check at most once a second, and of its last state', async () => {
    const client = await listen('?topics=checks');
    for (let run = 0; run < 10; run++) {
      web.says('up', `run ${run}`);
      await stage.engine.checks.runNow('web');
    }
    await stage.clock.advance(2_000);
    const events = await client.until((found) => found.at(-1)?.data.message === 'run 9');
    expect(events).toHaveLength(2);
  });

  it('tells of a check that is gone', async () => {
    const client = await listen('?topics=checks');
    await stage.watch();
    const events = await client.until((found) => names(found).includes('removed'));
    expect(events.at(-1)?.data).toEqual({ kind: 'check', id: 'web' });
  });

  it('tells of servers that people register, change and remove', async () => {
    const client = await listen('?topics=servers');
    const json = { server_id: 'pi', display_name: 'Pi', hostname: 'pi', ip_address: '10.0.0.1' };
    await stage.call('POST', '/api/v1/servers', { json });
    await stage.clock.advance(2_000);
    await client.until((events) =>
      events.some(({ data }) => data.server_id === 'pi' && data.hostname === 'pi'),
    );
    await stage.call('PUT', '/api/v1/servers/pi', { json: { location: 'attic' } });
    await stage.clock.advance(2_000);
    await client.until((events) => events.some(({ data }) => data.location === 'attic'));
    await stage.call('DELETE', '/api/v1/servers/pi');
    await stage.clock.advance(2_000);
    const events = await client.until((found) => names(found).includes('removed'));
    expect(events.at(-1)?.data).toEqual({ kind: 'server', id: 'pi' });
  });

  it('tells of a server whose figures are new', async () => {
    await stage.engine.entities.observe({ id: 'server:nas' });
    const client = await listen('?topics=servers');
    stage.engine.ingest
      .source({ plugin: 'system', labels: { instance: 'nas' } })
      .add([{ name: 'node_load1', value: 1.5 }], stage.clock.now());
    await stage.clock.advance(2_000);
    const events = await client.until((found) => found.length > 0);
    expect(events.at(-1)?.data).toMatchObject({ server_id: 'nas', latest: { load_1m: 1.5 } });
  });

  it('tells of a server that fell silent, though nothing happened', async () => {
    await stage.watch();
    await stage.engine.entities.observe({ id: 'server:pi' });
    const client = await listen('?topics=servers,stats');
    await stage.clock.advance(190_000);
    const events = await client.until((found) =>
      found.some(({ data }) => data.server_id === 'pi' && data.status === 'offline'),
    );
    expect(events.filter(({ event }) => event === 'stats').at(-1)?.data).toMatchObject({
      servers: { offline: expect.any(Number) as unknown },
    });
  });

  it('goes on where a client that comes back has left', async () => {
    const first = await listen('?topics=checks');
    await stage.engine.checks.runNow('web');
    const [seen] = await first.until((events) => events.length > 0);
    first.close();
    await stage.clock.advance(2_000);
    web.says('up', 'meanwhile');
    await stage.engine.checks.runNow('web');
    const again = await listen('?topics=checks', { 'last-event-id': String(seen?.id) });
    const events = await again.until((found) => found.length > 0);
    expect(events.map(({ event, data }) => [event, data.message])).toEqual([['check', 'meanwhile']]);
  });

  it('makes a client of an earlier start load everything anew', async () => {
    const client = await listen('', { 'last-event-id': 'earlier-7' });
    expect(names(await client.until((events) => events.length > 0))).toEqual(['reset']);
  });

  it('shows no secret', async () => {
    stage.redactor.protect('hunter2-hunter2');
    const client = await listen('?topics=checks');
    web.says('down', 'login with hunter2-hunter2 failed');
    await stage.engine.checks.runNow('web');
    await client.until((events) => events.length > 0);
    expect(client.text).toContain('login with [secret] failed');
  });

  it('sends a sign of life every four seconds', async () => {
    const client = await listen();
    await stage.clock.advance(4_000);
    await client.until((_, { text }) => text.includes(': ping\n\n'));
  });

  it('refuses a topic that there is not', async () => {
    const response = await stage.call('GET', '/api/v1/events?topics=checks,weather');
    expect([response.statusCode, faultOf(response)]).toMatchObject([400, { field: 'topics' }]);
  });

  it('ends with the key it was opened with', async () => {
    const { key, info } = await stage.keys.add('passing', 'viewer');
    const client = await listen('', { 'x-api-key': key });
    await stage.keys.revoke(info.id);
    await stage.clock.advance(4_000);
    await client.until((_, { isEnded }) => isEnded);
  });

  it('ends with the session it was opened with', async () => {
    const login = await stage.call('POST', '/api/v1/session', {
      as: 'nobody',
      json: { key: stage.keyOf.viewer },
    });
    const cookie = `labkeeper_session=${login.cookies[0]?.value}`;
    const response = await Client.open(`${url}/api/v1/events`, { cookie });
    clients.push(response);
    await stage.call('DELETE', '/api/v1/session', {
      as: 'nobody',
      headers: { cookie, 'x-labkeeper-request': '1' },
    });
    await stage.clock.advance(4_000);
    await response.until((_, { isEnded }) => isEnded);
  });

  it('ends at once when a host stops that gave the server a port of its own', async () => {
    const other = await apiStage();
    const { server } = other.api.server;
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()));
    const { port } = server.address() as AddressInfo;
    const client = await Client.open(`http://127.0.0.1:${port}/api/v1/events`, {
      'x-api-key': other.keyOf.viewer,
    });
    await other.close();
    await client.until((_, { isEnded }) => isEnded);
    expect(server.listening).toBe(false);
  });

  it('ends at once when the host stops', async () => {
    const client = await listen();
    await stage.api.close();
    await client.until((_, { isEnded }) => isEnded);
  });
});
