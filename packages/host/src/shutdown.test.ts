import { EventEmitter } from 'node:events';
import { ManualClock } from '@labkeeper/core/runtime';
import { describe, expect, it } from 'vitest';
import { recordingLog } from '../fixtures/recording-log.js';
import { stopOnSignals } from './shutdown.js';

function setUp(stop: () => Promise<void>) {
  const clock = new ManualClock();
  const signals = new EventEmitter();
  const exits: number[] = [];
  stopOnSignals({ clock, signals, stop, log: recordingLog(), exit: (code) => void exits.push(code) });
  return { clock, signals, exits };
}

describe.each(['SIGTERM', 'SIGINT'])('%s', (signal) => {
  it('stops in order and leaves with 0', async () => {
    const { clock, signals, exits } = setUp(() => Promise.resolve());
    signals.emit(signal, signal);
    await clock.advance(0);
    expect(exits).toEqual([0]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('leaves within five seconds when the stop hangs', async () => {
    const { clock, signals, exits } = setUp(() => new Promise(() => undefined));
    signals.emit(signal, signal);
    await clock.advance(4_499);
    expect(exits).toEqual([]);
    await clock.advance(1);
    expect(exits).toEqual([1]);
  });

  it('sent twice leaves at once', async () => {
    const { clock, signals, exits } = setUp(() => new Promise(() => undefined));
    signals.emit(signal, signal);
    signals.emit('SIGTERM', 'SIGTERM');
    await clock.advance(0);
    expect(exits).toEqual([1]);
  });

  it('leaves with 1 when the stop fails', async () => {
    const { clock, signals, exits } = setUp(() => Promise.reject(new Error('disk full')));
    signals.emit(signal, signal);
    await clock.advance(0);
    expect(exits).toEqual([1]);
  });
});
