import { ManualClock } from '@labkeeper/core/runtime';
import { describe, expect, it } from 'vitest';
import { recordingLog } from '../fixtures/recording-log.js';
import { Teardown } from './teardown.js';

describe('closing what was opened', () => {
  it('goes in the reverse order, one after the other, once', async () => {
    const closed: string[] = [];
    const teardown = new Teardown(new ManualClock(), recordingLog());
    for (const name of ['storage', 'engine', 'api']) {
      teardown.add(name, 1_000, async () => {
        await Promise.resolve();
        closed.push(name);
      });
    }
    await Promise.all([teardown.run(), teardown.run()]);
    expect(closed).toEqual(['api', 'engine', 'storage']);
  });

  it('goes on after a step that fails, and after one that hangs', async () => {
    const clock = new ManualClock();
    const log = recordingLog();
    const teardown = new Teardown(clock, log);
    let isStorageClosed = false;
    teardown.add('storage', 1_000, async () => {
      isStorageClosed = true;
    });
    teardown.add('engine', 2_000, () => new Promise(() => undefined));
    teardown.add('api', 1_000, () => Promise.reject(new Error('stuck')));
    const done = teardown.run();
    await clock.advance(1_999);
    expect(isStorageClosed).toBe(false);
    await clock.advance(1);
    await done;
    expect(isStorageClosed).toBe(true);
    expect(log.lines.map(({ level, fields }) => `${level} ${String(fields.part)}`)).toEqual([
      'error api',
      'warn engine',
    ]);
    expect(clock.pendingTimers).toBe(0);
  });
});
