import { describe, expect, it } from 'vitest';
import { ManualClock } from './manual-clock.js';

describe('a hand-driven clock', () => {
  it('stands still until it is pushed, and then runs timers in the order of their times', async () => {
    const clock = new ManualClock(1_000);
    const order: string[] = [];
    clock.setTimer(() => order.push(`b at ${clock.now()}`), 20);
    clock.setTimer(() => order.push(`a at ${clock.now()}`), 10);
    clock.setTimer(() => order.push(`c at ${clock.now()}`), 20);
    expect(clock.now()).toBe(1_000);
    await clock.advance(15);
    expect(order).toEqual(['a at 1010']);
    await clock.advance(15);
    expect(order).toEqual(['a at 1010', 'b at 1020', 'c at 1020']);
    expect(clock.now()).toBe(1_030);
  });

  it('lets what a timer started go on before the next timer', async () => {
    const clock = new ManualClock();
    const order: string[] = [];
    const task = async () => {
      await clock.sleep(10);
      order.push('first step');
      await Promise.resolve();
      order.push('second step');
    };
    void task();
    clock.setTimer(() => order.push('timer'), 10.5);
    await clock.advance(20);
    expect(order).toEqual(['first step', 'second step', 'timer']);
  });

  it('does not run a cancelled timer, and knows how many are left', async () => {
    const clock = new ManualClock();
    let rang = false;
    const timer = clock.setTimer(() => {
      rang = true;
    }, 10);
    expect(clock.pendingTimers).toBe(1);
    timer.cancel();
    timer.cancel();
    await clock.advance(100);
    expect(rang).toBe(false);
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends a sleep as soon as its signal aborts, and leaves no timer', async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const sleeping = clock.sleep(1_000, controller.signal);
    controller.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
    expect(clock.pendingTimers).toBe(0);
    await expect(clock.sleep(1_000, controller.signal)).rejects.toThrow('enough');
  });

  it('tells a set clock from a sleeping machine', async () => {
    const clock = new ManualClock(0);
    clock.jump(5_000);
    expect([clock.now(), clock.monotonicMs()]).toEqual([5_000, 0]);
    await clock.sleepMachine(1_000);
    expect([clock.now(), clock.monotonicMs()]).toEqual([6_000, 1_000]);
  });
});
