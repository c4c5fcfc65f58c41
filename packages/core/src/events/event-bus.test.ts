import { describe, expect, it } from 'vitest';
import { createEventBus } from './event-bus.js';

interface Events extends Record<string, unknown> {
  greeted: { name: string };
}

describe('an event bus', () => {
  it('tells every listener in the order of subscription, until it is taken off', () => {
    const bus = createEventBus<Events>();
    const heard: string[] = [];
    const off = bus.on('greeted', ({ name }) => heard.push(`first ${name}`));
    bus.on('greeted', ({ name }) => heard.push(`second ${name}`));
    bus.emit('greeted', { name: 'Ada' });
    off();
    off();
    bus.emit('greeted', { name: 'Bob' });
    expect(heard).toEqual(['first Ada', 'second Ada', 'second Bob']);
  });

  it('tells a listener of once only once', () => {
    const bus = createEventBus<Events>();
    const heard: string[] = [];
    bus.once('greeted', ({ name }) => heard.push(name));
    bus.emit('greeted', { name: 'Ada' });
    bus.emit('greeted', { name: 'Bob' });
    expect(heard).toEqual(['Ada']);
  });

  it('reports a listener that throws and still tells the others', () => {
    const faults: unknown[] = [];
    const bus = createEventBus<Events>((error, event) => faults.push([event, (error as Error).message]));
    const heard: string[] = [];
    bus.on('greeted', () => {
      throw new Error('clumsy');
    });
    bus.on('greeted', ({ name }) => heard.push(name));
    bus.emit('greeted', { name: 'Ada' });
    expect(heard).toEqual(['Ada']);
    expect(faults).toEqual([['greeted', 'clumsy']]);
  });
});
