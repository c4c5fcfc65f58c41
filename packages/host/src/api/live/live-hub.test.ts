import { ManualClock } from '@labkeeper/core/runtime';
import { describe, expect, it } from 'vitest';
import type { Topic } from './delta.js';
import type { LiveSink } from './live-client.js';
import { LiveHub, type Subscription } from './live-hub.js';

/** A client that keeps what it gets, and takes nothing while it is full. */
class Listener implements LiveSink {
  text = '';
  state: 'open' | 'ended' | 'destroyed' = 'open';
  isFull = false;
  #drained: () => void = () => undefined;

  write = (text: string): boolean => {
    this.text += text;
    return !this.isFull;
  };
  end = (): void => {
    this.state = 'ended';
  };
  destroy = (): void => {
    this.state = 'destroyed';
  };
  onDrain = (listener: () => void): void => {
    this.#drained = listener;
  };

  drain(): void {
    this.isFull = false;
    this.#drained();
  }

  /** Name and data of every event so far. */
  get events(): readonly (readonly [name: string, data: unknown])[] {
    const blocks = this.text.split('\n\n').filter((block) => block.includes('data: '));
    return blocks.map((block) => {
      const field = (name: string) =>
        block
          .split('\n')
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2) ?? '';
      return [field('event'), JSON.parse(field('data'))] as const;
    });
  }

  get lastId(): string | undefined {
    return [...this.text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1];
  }
}

function stage() {
  const clock = new ManualClock();
  const hub = new LiveHub('boot', clock);
  const listen = (subscription: Partial<Subscription> = {}) => {
    const listener = new Listener();
    const leave = hub.subscribe({ sink: listener, isAllowed: () => Promise.resolve(true), ...subscription });
    return { listener, leave };
  };
  const publish = async (...numbers: readonly number[]) => {
    for (const number of numbers) hub.publish('checks', 'check', JSON.stringify({ number }));
    await clock.advance(0);
  };
  return { clock, hub, listen, publish };
}

const checks = (...numbers: readonly number[]) => numbers.map((number) => ['check', { number }]);

describe('the live stream', () => {
  it('tells every client of every change, in order', async () => {
    const { listen, publish } = stage();
    const [one, two] = [listen(), listen()];
    await publish(1, 2);
    expect(one.listener.events).toEqual(checks(1, 2));
    expect(two.listener.events).toEqual(checks(1, 2));
  });

  it('tells a client only of the topics it asked for', async () => {
    const { hub, clock, listen } = stage();
    const { listener } = listen({ topics: new Set<Topic>(['alerts']) });
    hub.publish('checks', 'check', '{}');
    hub.publish('alerts', 'alert', '{"a":1}');
    await clock.advance(0);
    expect(listener.events).toEqual([['alert', { a: 1 }]]);
  });

  it('brings a client that comes back up to date', async () => {
    const { listen, publish } = stage();
    const { listener, leave } = listen();
    await publish(1);
    leave();
    await publish(2, 3);
    expect(listen({ lastEventId: listener.lastId as string }).listener.events).toEqual(checks(2, 3));
  });

  it('gives a new client an id to come back with, before anything has happened', async () => {
    const { listen, publish } = stage();
    const { listener, leave } = listen();
    leave();
    await publish(1);
    expect(listen({ lastEventId: listener.lastId as string }).listener.events).toEqual(checks(1));
  });

  it.each([
    ['of another start', 'other-1'],
    ['that was never given', 'boot-99'],
    ['that is none', 'rubbish'],
  ])('makes a client with an id %s load everything anew', async (_, lastEventId) => {
    const { listen, publish } = stage();
    listen();
    await publish(1, 2);
    const { listener } = listen({ lastEventId });
    expect(listener.events).toEqual([['reset', {}]]);
    await publish(3);
    expect(listener.events).toEqual([['reset', {}], ...checks(3)]);
  });

  it('makes a client that was away for longer than is kept load everything anew', async () => {
    const { listen, publish } = stage();
    const { listener, leave } = listen();
    listen();
    leave();
    await publish(...Array.from({ length: 10_001 }, (_, index) => index));
    expect(listen({ lastEventId: listener.lastId as string }).listener.events).toEqual([['reset', {}]]);
  });

  it('keeps no more than a few megabytes', async () => {
    const { hub, clock, listen } = stage();
    const { listener, leave } = listen();
    listen();
    leave();
    for (let count = 0; count < 90; count++)
      hub.publish('servers', 'server', JSON.stringify('x'.repeat(100_000)));
    await clock.advance(0);
    expect(listen({ lastEventId: listener.lastId as string }).listener.events).toEqual([['reset', {}]]);
  });

  it('writes nothing down while nobody has listened for a minute, and says so to who comes back', async () => {
    const { hub, clock, listen } = stage();
    expect(hub.isWanted).toBe(false);
    const { listener, leave } = listen();
    leave();
    expect(hub.isWanted).toBe(true);
    await clock.advance(60_000);
    expect(hub.isWanted).toBe(false);
    expect(listen({ lastEventId: listener.lastId as string }).listener.events).toEqual([['reset', {}]]);
  });

  it('waits for a slow client and lets nobody else wait', async () => {
    const { listen, publish } = stage();
    const [slow, quick] = [listen(), listen()];
    slow.listener.isFull = true;
    await publish(1);
    await publish(2, 3);
    expect(slow.listener.events).toEqual(checks(1));
    expect(quick.listener.events).toEqual(checks(1, 2, 3));
    slow.listener.drain();
    expect(slow.listener.events).toEqual(checks(1, 2, 3));
  });

  it('cuts off a client that takes nothing for half a minute', async () => {
    const { clock, listen, publish } = stage();
    const { listener } = listen();
    listener.isFull = true;
    await publish(1);
    await clock.advance(28_000);
    expect(listener.state).toBe('open');
    await clock.advance(8_000);
    expect(listener.state).toBe('destroyed');
  });

  it('sends a sign of life every four seconds', async () => {
    const { clock, listen } = stage();
    const { listener } = listen();
    await clock.advance(12_000);
    expect(listener.text.match(/^: ping$/gm)).toHaveLength(3);
  });

  it('ends the stream of a key that was revoked', async () => {
    const { clock, listen } = stage();
    let isAllowed = true;
    const { listener } = listen({ isAllowed: () => Promise.resolve(isAllowed) });
    await clock.advance(4_000);
    expect(listener.state).toBe('open');
    isAllowed = false;
    await clock.advance(4_000);
    expect(listener.state).toBe('ended');
  });

  it('keeps a client while nobody can say whether its key is valid', async () => {
    const { clock, listen } = stage();
    const { listener } = listen({ isAllowed: () => Promise.reject(new Error('the store is away')) });
    await clock.advance(8_000);
    expect(listener.state).toBe('open');
  });

  it('ends every stream when it closes, takes no new one, and leaves no timer', () => {
    const { clock, hub, listen } = stage();
    const { listener } = listen();
    hub.close();
    expect(listener.state).toBe('ended');
    expect(clock.pendingTimers).toBe(0);
    expect(() => listen()).toThrow(expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }));
  });

  it('leaves no timer when the last client has left', () => {
    const { clock, listen } = stage();
    listen().leave();
    expect(clock.pendingTimers).toBe(0);
  });

  it('refuses the five hundred and first client', () => {
    const { listen } = stage();
    for (let count = 0; count < 500; count++) listen();
    expect(() => listen()).toThrow(expect.objectContaining({ code: 'TOO_MANY_REQUESTS' }));
  });
});
