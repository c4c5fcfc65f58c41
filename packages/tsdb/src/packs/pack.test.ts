import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SEED } from '../testing/sample-rows.js';
import { encodePack, PACK_BYTES, type PackedChunk, readPack } from './pack.js';
import { PackBuilder } from './pack-builder.js';

const anyChunks = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 5_000 }), fc.uint8Array({ maxLength: 40 })), {
    maxLength: 30,
    size: 'max',
  })
  .map((found) => {
    let id = 0;
    return found.map(([distance, bytes]): PackedChunk => ({ seriesId: (id += distance), bytes }));
  });
const plain = (chunks: readonly PackedChunk[]) => chunks.map(({ seriesId, bytes }) => [seriesId, [...bytes]]);

describe('a pack', () => {
  it('gives back any chunks of any series', () => {
    fc.assert(
      fc.property(anyChunks, (chunks) => {
        expect(plain(readPack(encodePack(chunks)))).toEqual(plain(chunks));
      }),
      { seed: SEED },
    );
  });

  it('notices any change of its list, and leaves changes of chunks to them', () => {
    fc.assert(
      fc.property(anyChunks, fc.nat(), fc.integer({ min: 1, max: 255 }), (chunks, place, change) => {
        const pack = encodePack(chunks);
        const at = place % pack.length;
        const listEnd = pack.length - chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
        const damaged = pack.slice();
        damaged[at] = (damaged[at] as number) ^ change;
        if (at < listEnd) {
          expect(() => readPack(damaged)).toThrow(RangeError);
          expect(() => readPack(pack.subarray(0, at))).toThrow(RangeError);
        } else {
          const ids = chunks.map(({ seriesId }) => seriesId);
          expect(readPack(damaged).map(({ seriesId }) => seriesId)).toEqual(ids);
          expect(readPack(pack.subarray(0, at)).map(({ seriesId }) => seriesId)).toEqual(ids);
        }
      }),
      { seed: SEED, numRuns: 400 },
    );
  });

  it('is closed when it has its size, and knows what is in it', () => {
    let lastId = 0;
    const builder = new PackBuilder(
      { isSettled: false, resolutionMs: 0, fromMs: 0, toMs: 100 },
      () => (lastId += 1),
    );
    const bytes = new Uint8Array(PACK_BYTES / 4);
    for (let seriesId = 1; seriesId <= 6; seriesId++)
      builder.add({ seriesId, bytes, samples: 10, oldestMs: 10 - seriesId, newestMs: seriesId * 10 });
    const packs = builder.finish();
    expect(
      packs.map(({ data, bytes: size, ...info }) => [info, size === data.length, readPack(data).length]),
    ).toEqual([
      [facts(1, [1, 4], 40, [6, 40]), true, 4],
      [facts(2, [5, 6], 20, [4, 60]), true, 2],
    ]);
  });

  it('is none when there is nothing to put into it', () => {
    expect(
      new PackBuilder({ isSettled: false, resolutionMs: 0, fromMs: 0, toMs: 1 }, () => 1).finish(),
    ).toEqual([]);
  });
});

function facts(
  id: number,
  [firstSeries, lastSeries]: number[],
  samples: number,
  [oldestMs, newestMs]: number[],
) {
  return {
    id,
    isSettled: false,
    resolutionMs: 0,
    fromMs: 0,
    toMs: 100,
    firstSeries,
    lastSeries,
    samples,
    oldestMs,
    newestMs,
  };
}
