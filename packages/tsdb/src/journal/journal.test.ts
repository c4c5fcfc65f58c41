import { describe, expect, it } from 'vitest';
import { memoryMedium } from '../testing/memory-medium.js';
import { framesIn, linesOf, openJournal } from '../testing/open-journal.js';
import type { Row } from '../testing/sample-rows.js';

const one = (value: number): Row[] => [[{ name: 'up', labels: {} }, 1_000 + value, value]];

/** A gate that stays shut until it is opened. */
function shutGate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describe('the journal', () => {
  it('lets many appends share one write', async () => {
    const medium = memoryMedium();
    const { append } = openJournal(medium);
    await Promise.all([append(one(1)), append(one(2)), append(one(3))]);
    expect(medium.calls).toEqual(['begin 1', 'write']);
    const { frames } = await framesIn(medium);
    expect(frames).toEqual([1, 2, 3].map((value) => linesOf(one(value))));
  });

  it('gathers what comes during a write for the next one', async () => {
    const medium = memoryMedium();
    const { append } = openJournal(medium);
    await append(one(0));
    const gate = shutGate();
    medium.gate = () => gate.opened;
    const first = append(one(1));
    await new Promise(setImmediate);
    const rest = Array.from({ length: 50 }, (_, index) => append(one(2 + index)));
    gate.open();
    await Promise.all([first, ...rest]);
    expect(medium.calls).toEqual(['begin 1', 'write', 'write', 'write']);
    expect((await framesIn(medium)).frames).toHaveLength(52);
  });

  it('resolves only after the sync when samples must survive a power cut at once', async () => {
    const medium = memoryMedium();
    const { append, clock } = openJournal(medium, { syncWithinMs: 0 });
    const gate = shutGate();
    medium.gate = async (act) => (act === 'sync' ? gate.opened : undefined);
    let isResolved = false;
    const appended = append(one(1)).then(() => (isResolved = true));
    await new Promise(setImmediate);
    expect([medium.calls, isResolved]).toEqual([['begin 1', 'write', 'sync'], false]);
    gate.open();
    await appended;
    expect((await framesIn(medium.afterPowerCut())).frames).toEqual([linesOf(one(1))]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('syncs once in the time it was given, however much was appended', async () => {
    const medium = memoryMedium();
    const { append, clock } = openJournal(medium, { syncWithinMs: 10_000 });
    await append(one(1));
    await clock.advance(6_000);
    await append(one(2));
    await clock.advance(3_999);
    expect((await framesIn(medium.afterPowerCut())).frames).toEqual([]);
    await clock.advance(1);
    expect((await framesIn(medium.afterPowerCut())).frames).toHaveLength(2);
    await clock.advance(60_000);
    expect(medium.calls.filter((call) => call === 'sync')).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('syncs when it is closed, and leaves no timer', async () => {
    const medium = memoryMedium();
    const { append, clock, journal } = openJournal(medium);
    await append(one(1));
    const last = append(one(2));
    await Promise.all([journal.close(), last]);
    await journal.close();
    expect(clock.pendingTimers).toBe(0);
    expect(medium.calls.slice(-2)).toEqual(['sync', 'close']);
    expect((await framesIn(medium.afterPowerCut())).frames).toHaveLength(2);
  });

  it.each(['begin', 'write'] as const)(
    'rejects the callers of a failed %s, and goes on in another segment',
    async (act) => {
      const medium = memoryMedium();
      const { append } = openJournal(medium);
      medium.failing.add(act);
      const failed = await Promise.allSettled([append(one(1)), append(one(2))]);
      expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      medium.failing.clear();
      await append(one(3));
      await append(one(4));
      expect(medium.calls.filter((call) => call.startsWith('begin'))).toEqual(['begin 1', 'begin 2']);
      const { frames, log } = await framesIn(medium);
      // Half of the failed write may be found: the first of its frames was whole.
      expect(frames.slice(-2)).toEqual([linesOf(one(3)), linesOf(one(4))]);
      expect(log.messages('error')).toEqual([]);
    },
  );

  it('says so when a sync fails, and rejects only those who were promised it', async () => {
    const medium = memoryMedium();
    const { append, unsafe, clock, log } = openJournal(medium);
    await append(one(1));
    medium.failing.add('sync');
    await clock.advance(10_000);
    expect(unsafe()).toBe(1);
    expect(log.messages('warn')).toEqual(['samples could not be synced to disk']);
    medium.failing.clear();
    await append(one(2));
    expect(medium.calls.filter((call) => call.startsWith('begin'))).toEqual(['begin 1', 'begin 2']);
  });

  it('rejects an append that must survive a power cut when the sync fails', async () => {
    const medium = memoryMedium();
    const { append, unsafe } = openJournal(medium, { syncWithinMs: 0 });
    medium.failing.add('sync');
    await expect(append(one(1))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(unsafe()).toBe(1);
    medium.failing.clear();
    await append(one(1));
    expect((await framesIn(medium.afterPowerCut())).frames).toContainEqual(linesOf(one(1)));
  });

  it('rejects a sync that was asked for and failed', async () => {
    const medium = memoryMedium();
    const { append, journal } = openJournal(medium);
    await append(one(1));
    medium.failing.add('sync');
    await expect(journal.sync()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  });

  it('syncs a segment before it begins the next', async () => {
    const medium = memoryMedium();
    const { append, journal } = openJournal(medium);
    await append(one(1));
    expect(journal.endSegment()).toEqual([1]);
    await append(one(2));
    expect(medium.calls).toEqual(['begin 1', 'write', 'sync', 'begin 2', 'write']);
  });

  it('drops segments of which everything is older, but never the one that was begun last', async () => {
    const medium = memoryMedium();
    const { append, journal } = openJournal(medium);
    for (const value of [1, 2, 3]) {
      await append(one(value));
      journal.endSegment();
    }
    await journal.dropUntil(journal.endSegment(), 1_001);
    expect([...medium.segments.keys()]).toEqual([2, 3]);
    await journal.dropUntil(journal.endSegment(), 9_999);
    expect([...medium.segments.keys()]).toEqual([3]);
    expect(journal.endSegment()).toEqual([3]);
  });

  it('gives numbers above those it was told of and those it found', async () => {
    const medium = memoryMedium();
    await openJournal(medium, { lastSegment: 6 }).append(one(1));
    expect([...medium.segments.keys()]).toEqual([7]);
    const next = openJournal(medium, { lastSegment: 3 });
    await next.journal.replay(() => 0);
    await next.append(one(2));
    expect([...medium.segments.keys()]).toEqual([7, 8]);
  });
});
