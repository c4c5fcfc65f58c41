import { ManualClock } from '@labkeeper/core/runtime';
import { beforeEach, describe, expect, it } from 'vitest';
import { ApiClient } from './api-client.js';
import { type ConnectionState, LiveStream } from './live-stream.js';

/** A host whose streams a test writes, breaks and refuses by hand. */
class StreamingHost {
  readonly requests: Headers[] = [];
  status = 200;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  readonly fetch: typeof fetch = (_, init) => {
    this.requests.push(new Headers(init?.headers));
    if (this.status !== 200) return Promise.resolve(new Response('{}', { status: this.status }));
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
        init?.signal?.addEventListener('abort', () => controller.error(init.signal?.reason));
      },
    });
    return Promise.resolve(new Response(body));
  };

  write(text: string): void {
    this.#controller?.enqueue(new TextEncoder().encode(text));
  }

  hangUp(): void {
    this.#controller?.close();
  }
}

describe('the live stream', () => {
  let [clock, host, heard, states] = [
    new ManualClock(),
    new StreamingHost(),
    [] as unknown[],
    [] as ConnectionState[],
  ];
  let resets = 0;
  const listen = (stream: LiveStream) =>
    stream.listen({
      onEvent: (event, data) => heard.push([event, data]),
      onState: (state) => states.push(state),
      onReset: () => {
        resets += 1;
      },
    });
  const open = () => new LiveStream(new ApiClient({ url: 'http://host', key: 'k-1' }, host.fetch), clock);

  beforeEach(() => {
    [clock, host, heard, states, resets] = [new ManualClock(), new StreamingHost(), [], [], 0];
  });

  it('delivers what the host sends and says that it is live', async () => {
    const leave = listen(open());
    await clock.advance(0);
    host.write('id: b-1\nevent: check\ndata: {"check_id":"web"}\n\n');
    await clock.advance(0);
    expect(heard).toEqual([['check', { check_id: 'web' }]]);
    expect(states).toEqual(['live']);
    expect(host.requests[0]?.get('x-api-key')).toBe('k-1');
    leave();
  });

  it('says within 5 s that it is not live when the host falls silent', async () => {
    const leave = listen(open());
    await clock.advance(0);
    host.write(': ping\n\n');
    await clock.advance(4_000);
    expect(states).toEqual(['live']);
    host.write(': ping\n\n');
    await clock.advance(4_000);
    expect(states).toEqual(['live']);
    await clock.advance(1_100);
    expect(states).toEqual(['live', 'lost']);
    leave();
  });

  it('comes back by itself after a break, with the id of the last event', async () => {
    const leave = listen(open());
    await clock.advance(0);
    host.write('id: b-7\nevent: check\ndata: {}\n\n');
    await clock.advance(0);
    host.hangUp();
    await clock.advance(600);
    host.write(': ping\n\n');
    await clock.advance(0);
    expect(states).toEqual(['live', 'lost', 'live']);
    expect(host.requests[1]?.get('last-event-id')).toBe('b-7');
    leave();
  });

  it('tells its listeners to load everything anew when changes were missed', async () => {
    const leave = listen(open());
    await clock.advance(0);
    host.write('event: reset\ndata: {}\n\n');
    await clock.advance(0);
    expect(resets).toBe(1);
    leave();
  });

  it('does not ask again and again with a key that is refused', async () => {
    host.status = 401;
    const leave = listen(open());
    await clock.advance(120_000);
    expect(host.requests).toHaveLength(1);
    leave();
  });

  it('asks less and less often while the host is away', async () => {
    host.status = 503;
    const leave = listen(open());
    await clock.advance(60_000);
    expect(host.requests.length).toBeGreaterThan(4);
    expect(host.requests.length).toBeLessThan(12);
    leave();
  });

  it('closes when nobody listens any more, and leaves no timer', async () => {
    const leave = listen(open());
    await clock.advance(0);
    host.write(': ping\n\n');
    await clock.advance(0);
    leave();
    await clock.advance(0);
    expect(clock.pendingTimers).toBe(0);
  });
});
