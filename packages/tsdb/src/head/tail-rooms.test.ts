import { describe, expect, it } from 'vitest';
import { TAIL_SAMPLES, TailRooms } from './tail-rooms.js';

describe('rooms of tails', () => {
  it('do not overlap', () => {
    const rooms = new TailRooms();
    const taken = Array.from({ length: 200 }, () => rooms.take());
    for (const [number, { slab, offset }] of taken.entries())
      slab.fill(number, offset, offset + TAIL_SAMPLES);
    for (const [number, { slab, offset }] of taken.entries())
      expect(new Set(slab.subarray(offset, offset + TAIL_SAMPLES))).toEqual(new Set([number]));
  });

  it('are taken again before there are new ones', () => {
    const rooms = new TailRooms();
    const taken = Array.from({ length: 100 }, () => rooms.take());
    const slabs = new Set(taken.map(({ slab }) => slab));
    for (const room of taken) rooms.giveBack(room);
    for (let count = 0; count < 100; count++) slabs.add(rooms.take().slab);
    expect(slabs.size).toBe(2);
  });
});
