import type { Series } from '@labkeeper/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MemoryMedium, memoryMedium } from '../testing/memory-medium.js';
import { framesIn, linesOf, openJournal } from '../testing/open-journal.js';
import { anyBits, type Row, SEED } from '../testing/sample-rows.js';
import type { JournalMedium } from './journal-medium.js';
import { readFrames } from './segment-reader.js';

const SERIES: readonly Series[] = Array.from({ length: 12 }, (_, index) => ({
  name: index % 3 === 0 ? 'requests_total' : 'up',
  labels: { ...(index % 4 === 0 ? {} : { instance: `host-${index}`, 'a label': '😀 "\\\n' }) },
}));

const anyTime = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 5 }).map((step) => 1_767_225_600_000 + step * 10_000) },
  fc.maxSafeInteger().map((time) => Math.trunc(time / 4) + 0),
);
const anyRow: fc.Arbitrary<Row> = fc.tuple(fc.constantFrom(...SERIES), anyTime, anyBits);
/** Everything in its usual order, so that runs occur. */
const round = fc
  .tuple(anyTime, anyBits)
  .map(([timeMs, bits]) => SERIES.map((one): Row => [one, timeMs, bits]));
const frame = fc.oneof(fc.array(anyRow, { minLength: 1, maxLength: 25 }), round);
const action = fc.oneof(
  { weight: 6, arbitrary: frame },
  fc.constantFrom('sync', 'end segment', 'next turn') as fc.Arbitrary<string>,
);

/** Does what was asked for; gives the frames that were appended. */
async function write(medium: MemoryMedium, actions: readonly (Row[] | string)[]): Promise<string[][]> {
  const { append, journal } = openJournal(medium);
  const frames: string[][] = [];
  const appended: Promise<void>[] = [];
  for (const one of actions) {
    if (typeof one !== 'string') {
      frames.push(linesOf(one));
      appended.push(append(one));
    } else if (one === 'sync') await journal.sync();
    else if (one === 'end segment') journal.endSegment();
    else await Promise.all(appended);
  }
  await Promise.all(appended);
  return frames;
}

const only = (number: number, bytes: Uint8Array): JournalMedium => ({
  ...memoryMedium(),
  async *read() {
    yield { number, bytes };
  },
});

const written = (medium: MemoryMedium, segment: number): Buffer => {
  const found = medium.segments.get(segment);
  return Buffer.from(found?.bytes.subarray(0, found.written) ?? []);
};

/** Some frames with page padding between them, in segment 1. */
async function someFrames(): Promise<{ frames: string[][]; bytes: Buffer }> {
  const medium = memoryMedium();
  const rows = (seed: number) =>
    SERIES.slice(seed % 5).map(
      (one, row): Row => [one, 1_000 * seed + (row % 2), seed === 3 ? Math.PI * row : row / 4],
    );
  const frames = await write(medium, [
    rows(1),
    'next turn',
    rows(2),
    'sync',
    rows(3),
    'next turn',
    rows(4),
    'sync',
    rows(5),
  ]);
  return { frames, bytes: written(medium, 1) };
}

describe('what the journal reads back', () => {
  it('is, bit for bit and frame by frame, what was appended: over segments and syncs', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 25, size: 'max' }), async (actions) => {
        const medium = memoryMedium();
        const frames = await write(medium, actions);
        const found = await framesIn(medium.afterKill());
        expect(found.frames).toEqual(frames);
        expect(found.log.lines).toEqual([]);
      }),
      { seed: SEED, numRuns: 150 },
    );
  });

  it('is a beginning of whole frames, wherever the segment was cut', async () => {
    const { frames, bytes } = await someFrames();
    let longest = 0;
    for (let end = 0; end <= bytes.length; end++) {
      if (end % 4_096 > 900 && end % 4_096 < 4_080) continue; // Padding, all alike.
      const found = await framesIn(only(1, bytes.subarray(0, end)));
      expect(found.frames, `cut at ${end}`).toEqual(frames.slice(0, found.frames.length));
      expect(found.frames.length).toBeGreaterThanOrEqual(longest);
      expect(found.log.lines).toEqual([]);
      longest = found.frames.length;
    }
    expect(longest).toBe(frames.length);
  });

  it('is a beginning of whole frames, whichever byte was flipped', async () => {
    const { frames, bytes } = await someFrames();
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const damaged = Buffer.from(bytes);
        damaged[at] = (damaged[at] as number) ^ change;
        const found = await framesIn(only(1, damaged));
        expect(found.frames).toEqual(frames.slice(0, found.frames.length));
      }),
      { seed: SEED, numRuns: 600 },
    );
  });

  it('is nothing of what another segment left in the same file', async () => {
    const { frames, bytes } = await someFrames();
    expect([...readFrames(bytes, 2)]).toEqual([]);
    // The new segment ends where a page of the old one begins.
    const medium = memoryMedium(new Map(), [Buffer.from(bytes)]);
    const { append, journal } = openJournal(medium, { lastSegment: 1 });
    const rows: Row[] = [[SERIES[0] as Series, 7, 7]];
    await append(rows);
    await journal.sync();
    expect((await framesIn(medium)).frames).toEqual([linesOf(rows)]);
    expect(frames.length).toBeGreaterThan(1);
  });

  it('goes on with the next segment after a damaged one', async () => {
    const medium = memoryMedium();
    await write(medium, [[[SERIES[0] as Series, 1, 1]], 'end segment', [[SERIES[1] as Series, 2, 2]]]);
    const bytes = medium.segments.get(1)?.bytes as Buffer;
    bytes[9] = (bytes[9] as number) ^ 1;
    expect((await framesIn(medium)).frames).toEqual([linesOf([[SERIES[1] as Series, 2, 2]])]);
  });

  it('begins another segment when one has grown to its size', async () => {
    const medium = memoryMedium();
    const { append } = openJournal(medium);
    const rows = (turn: number) =>
      Array.from({ length: 60_000 }, (_, row): Row => [SERIES[0] as Series, row, (row + 1) / (turn + 7)]);
    for (let turn = 0; turn < 10; turn++) await append(rows(turn));
    expect([...medium.segments.keys()]).toEqual([1, 2, 3]);
    const { frames } = await framesIn(medium);
    expect(frames.map(({ length }) => length)).toEqual(Array(10).fill(60_000));
  });

  it('is right for every time that a store takes', async () => {
    const medium = memoryMedium();
    const rows: Row[] = [
      [SERIES[0] as Series, Number.MAX_SAFE_INTEGER, 1],
      [SERIES[0] as Series, Number.MIN_SAFE_INTEGER, 1],
    ];
    await write(medium, [rows]);
    expect((await framesIn(medium)).frames).toEqual([linesOf(rows)]);
  });
});
