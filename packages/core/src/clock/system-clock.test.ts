import { describe, expect, it } from 'vitest';
import { systemClock } from './system-clock.js';

describe('the machine’s clock', () => {
  const clock = systemClock();

  it('tells the time of day and a time that never goes back', () => {
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1_000);
    const first = clock.monotonicMs();
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(first);
  });

  it('does not ring at once for a delay longer than Node’s timers can count', async () => {
    let rang = false;
    const timer = clock.setTimer(
      () => {
        rang = true;
      },
      2 ** 31 + 5_000,
    );
    await clock.sleep(5);
    timer.cancel();
    expect(rang).toBe(false);
  });

  it('rings, and can be cancelled', async () => {
    const rung: string[] = [];
    clock.setTimer(() => rung.push('kept'), 1);
    clock.setTimer(() => rung.push('cancelled'), 1).cancel();
    await clock.sleep(10);
    expect(rung).toEqual(['kept']);
  });
});
