import { ManualClock } from '@labkeeper/core/runtime';
import { describe, expect, it } from 'vitest';
import { ChangeGate } from './change-gate.js';

function stage() {
  const clock = new ManualClock();
  const told: string[] = [];
  const gate = new ChangeGate<string>(clock, (key) => told.push(`${key} at ${clock.monotonicMs()}`));
  return { clock, told, gate };
}

describe('how often a thing is told of', () => {
  it('is at once when it was quiet', () => {
    const { gate, told } = stage();
    gate.changed('a');
    gate.changed('b');
    expect(told).toEqual(['a at 0', 'b at 0']);
  });

  it('is once a second when it changes all the time, the last change included', async () => {
    const { clock, gate, told } = stage();
    for (let count = 0; count < 21; count++) {
      gate.changed('a');
      await clock.advance(100);
    }
    await clock.advance(5_000);
    expect(told).toEqual(['a at 0', 'a at 1000', 'a at 2000', 'a at 3000']);
  });

  it('leaves no timer when it is quiet', async () => {
    const { clock, gate } = stage();
    gate.changed('a');
    await clock.advance(2_000);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is never again after a stop', async () => {
    const { clock, gate, told } = stage();
    gate.changed('a');
    gate.changed('a');
    gate.stop();
    await clock.advance(5_000);
    expect(told).toEqual(['a at 0']);
    expect(clock.pendingTimers).toBe(0);
  });
});
