import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareNatural } from './compare-natural.js';

it.each([
  ['numbers by size', ['0', '1', '2', '3', '10', '11', '20', '100']],
  ['numbers within text', ['4m5', '4m600', '4m1000']],
  ['versions', ['1.2.3', '1.11.3', '1.111.3']],
  ['text by its characters', ['', 'A', 'a', 'ab', 'b']],
  ['the shorter of two first', ['a', 'a1', 'a1b']],
  ['numbers with more digits than a double', ['9007199254740992', '9007199254740993', '90071992547409930']],
  ['leading zeros as text', ['01', '1', '02']],
])('orders %s', (_, ordered) => {
  expect(ordered.toReversed().sort(compareNatural)).toEqual(ordered);
});

it('is an order: the same both ways, and 0 only for the same text', () => {
  const text = fc.string({ unit: fc.constantFrom('0', '1', '9', 'a', 'b', '.'), maxLength: 8 });
  fc.assert(
    fc.property(text, text, text, (a, b, c) => {
      expect(Math.sign(compareNatural(a, b))).toBe(-Math.sign(compareNatural(b, a)) + 0);
      expect(compareNatural(a, b) === 0).toBe(a === b);
      if (compareNatural(a, b) < 0 && compareNatural(b, c) < 0) expect(compareNatural(a, c)).toBeLessThan(0);
    }),
  );
});
