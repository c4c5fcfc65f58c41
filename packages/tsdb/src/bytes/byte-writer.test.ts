import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SEED } from '../testing/sample-rows.js';
import { ByteReader } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';

const whole = fc.oneof(
  fc.maxSafeNat(),
  fc.nat(300),
  fc.integer({ min: 0, max: 53 }).map((bits) => 2 ** bits),
);
const signed = fc.integer({ min: -(2 ** 52), max: 2 ** 52 });

describe('bytes', () => {
  it('give back whole numbers and texts of any size, in any memory to begin with', () => {
    const rows = fc.array(fc.tuple(whole, signed, fc.string({ unit: 'grapheme' })), { maxLength: 30 });
    fc.assert(
      fc.property(rows, fc.nat(20), (written, capacity) => {
        const writer = new ByteWriter(capacity);
        for (const [first, second, text] of written) {
          writer.uint(first);
          writer.int(second);
          writer.uint32(first % 2 ** 32);
          writer.text(text);
        }
        const reader = new ByteReader(writer.take());
        for (const row of written) {
          const [first, second, low, text] = [reader.uint(), reader.int(), reader.uint32(), reader.text()];
          expect([first, second, text]).toEqual(row);
          expect(low).toBe(first % 2 ** 32);
        }
        expect(reader.isAtEnd).toBe(true);
      }),
      { seed: SEED },
    );
  });

  it('end with a RangeError, not with made-up numbers', () => {
    const writer = new ByteWriter();
    writer.uint(2 ** 40);
    writer.text('twelve bytes');
    const bytes = writer.take();
    for (let end = 0; end < bytes.length; end++) {
      const reader = new ByteReader(bytes.subarray(0, end));
      expect(() => [reader.uint(), reader.text()], `cut at ${end}`).toThrow(RangeError);
    }
  });

  it('can be written over where a number was left open', () => {
    const writer = new ByteWriter(4);
    writer.uint32(0);
    writer.text('behind');
    writer.patchUint32(0, 4_000_000_000);
    const reader = new ByteReader(writer.view());
    expect([reader.uint32(), reader.text()]).toEqual([4_000_000_000, 'behind']);
  });
});
