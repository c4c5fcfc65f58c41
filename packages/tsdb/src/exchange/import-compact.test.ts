import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeFrame } from './compact-frame.js';
import { exportCompact } from './export-compact.js';
import { importCompact } from './import-compact.js';
import { bitSeries } from './testing/any-series.js';
import {
  ALWAYS,
  gathered,
  inPieces,
  ONE_STRIDE,
  type ShelvedSeries,
  sampleShelf,
} from './testing/sample-shelf.js';

const SHELVED: readonly ShelvedSeries[] = ['a', 'b', 'c'].map((name) => ({
  name,
  labels: { 'any.label': '"' },
  rows: Array.from({ length: 50 }, (_, row) => [row * 1_000, row / 3] as const),
}));

async function fileOf(...shelved: readonly ShelvedSeries[]): Promise<Buffer> {
  return gathered(exportCompact(await sampleShelf(...shelved), ALWAYS, ONE_STRIDE));
}
async function imported(file: Uint8Array, size?: number) {
  const shelf = await sampleShelf();
  const report = await importCompact(inPieces(file, size), shelf);
  return { shelf, report, contents: await shelf.contents() };
}
/** Where the frames begin; the last offset is the end of the file. */
function offsetsOf(file: Buffer): number[] {
  const offsets = [6];
  for (let at = 6; at < file.length; ) offsets.push((at += 8 + file.readUInt32LE(at)));
  return offsets;
}
function changed(file: Buffer, at: number, change = 0xff): Buffer {
  const copy = Buffer.from(file);
  copy[at] = (copy[at] as number) ^ change;
  return copy;
}

describe('a compact file', () => {
  it('gives back any bits, in whatever pieces it arrives', async () => {
    await fc.assert(
      fc.asyncProperty(bitSeries, fc.integer({ min: 1, max: 200 }), async (shelved, size) => {
        const shelf = await sampleShelf(...shelved);
        const { report, contents } = await imported(await fileOf(...shelved), size);
        expect(report).toMatchObject({ damaged: 0, faults: [], isComplete: true });
        expect(contents).toEqual(await shelf.contents());
      }),
    );
  });

  it('cuts long series into chunks and frames, and counts what it has', async () => {
    const rows = Array.from({ length: 120_000 }, (_, row) => [row * 1_000, Math.sin(row)] as const);
    const found = exportCompact(await sampleShelf({ name: 'm', rows }), ALWAYS, ONE_STRIDE);
    const file = await gathered(found);
    expect(offsetsOf(file).length).toBeGreaterThan(3);
    expect({ ...found.report }).toEqual({ series: 1, samples: 120_000, leftOut: 0 });
    const { shelf, report } = await imported(file, 10_000);
    expect(report).toEqual({
      samples: 120_000,
      kept: 120_000,
      conflicting: 0,
      tooOld: 0,
      damaged: 0,
      faults: [],
      isComplete: true,
    });
    expect(new Set(shelf.batches.map(({ series }) => series.length))).toEqual(new Set([10_000]));
  }, 30_000);

  it('may be empty', async () => {
    expect((await imported(await fileOf())).report).toMatchObject({
      samples: 0,
      faults: [],
      isComplete: true,
    });
  });
});

describe('a damaged compact file', () => {
  it('loses the frame in which a byte has changed, and no other', async () => {
    const file = await fileOf(...SHELVED);
    const [, second = 0, third = 0] = offsetsOf(file);
    for (let at = second + 4; at < third; at++) {
      const { report } = await imported(changed(file, at));
      expect(report).toMatchObject({ samples: 100, damaged: 1, isComplete: false });
      expect(report.faults).toEqual([{ offset: second, says: 'the checksum of this frame is wrong' }]);
    }
  });

  it('is read up to a length that cannot be true', async () => {
    const file = await fileOf(...SHELVED);
    const [, second = 0] = offsetsOf(file);
    const { report } = await imported(changed(file, second + 3));
    expect(report).toMatchObject({ samples: 50, damaged: 1, isComplete: false });
    expect(report.faults).toEqual([
      { offset: second, says: 'the length of this frame is damaged: reading stops here' },
    ]);
  });

  it('is noticed wherever it was cut off', async () => {
    const file = await fileOf(...SHELVED);
    for (let length = 0; length < file.length; length++) {
      const { report } = await imported(file.subarray(0, length));
      expect(report.isComplete).toBe(false);
      expect(report.faults).toHaveLength(1);
      expect(report.damaged).toBe(0);
    }
  });

  it('never throws and never passes for whole, whichever byte has changed', async () => {
    const file = await fileOf(...SHELVED.slice(0, 2));
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        expect((await imported(changed(file, at, change))).report.isComplete).toBe(false);
      }),
    );
  });

  it('is one from which a frame was taken out', async () => {
    const file = await fileOf(...SHELVED);
    const [, second, third] = offsetsOf(file);
    const { report } = await imported(Buffer.concat([file.subarray(0, second), file.subarray(third)]));
    expect(report.faults).toEqual([
      {
        offset: file.length - ((third ?? 0) - (second ?? 0)),
        says: 'the file should have 150 samples of 3 series, but has 100 of 2',
      },
    ]);
  });

  it('may not go on behind its totals', async () => {
    const file = await fileOf(...SHELVED);
    const { report } = await imported(Buffer.concat([file, file]));
    expect(report).toMatchObject({ samples: 150, isComplete: false });
    expect(report.faults).toEqual([
      { offset: file.length, says: 'nothing may follow the totals: reading stops here' },
    ]);
  });

  it('is refused when it is something else', async () => {
    const { report } = await imported(Buffer.from('# TYPE up unknown\n'));
    expect(report.faults).toEqual([{ offset: 0, says: 'this is not a compact file of Labkeeper' }]);
  });

  it.each([
    ['what nobody knows', { x: 1 }, 'the header of this frame is not known'],
    ['a name that is none', { name: '1', labels: {}, chunks: [] }, 'the header of this frame is not known'],
    [
      'labels that are no texts',
      { name: 'm', labels: { a: 1 }, chunks: [] },
      'the header of this frame is not known',
    ],
    [
      'lengths that do not fit',
      { name: 'm', labels: {}, chunks: [{ startMs: 0, bytes: 9 }] },
      'the chunks of this frame are not as long as its header says',
    ],
    [
      'a chunk that is none',
      { name: 'm', labels: {}, chunks: [{ startMs: 0, bytes: 0 }] },
      'a chunk that was cut off',
    ],
  ])('is told of when a frame holds %s', async (_, header, says) => {
    const frame = writeFrame({ header: header as never, chunks: [] });
    const { report } = await imported(Buffer.concat([Buffer.from('LKSX1\n'), frame]));
    expect(report.damaged).toBe(1);
    expect(report.faults[0]).toEqual({ offset: 6, says });
  });

  it('is no excuse for a fault of the store', async () => {
    const target = { append: () => Promise.reject(new RangeError('of the store')) };
    await expect(importCompact(inPieces(await fileOf(...SHELVED)), target)).rejects.toThrow('of the store');
  });
});
