import fc from 'fast-check';
import type { ShelvedSeries } from './sample-shelf.js';

const NAMES = ['up', 'node_load1', 'requests_total', 'a:b', 'Z'];
const LABEL_NAMES = ['job', 'instance', 'le', '_x', 'constructor'];
const STALENESS_BITS = 0x7ff0000000000002n;

const anyTime = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((time) => time * 2_000 + (time % 7));
const finite = fc.double({ noNaN: true });
const anyValue = fc.oneof(finite, fc.integer(), fc.constantFrom(Number.NaN, -0, 5e-324, 1e21, 2 ** 53));
/** Any 64 bits are a double. */
const anyBits = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.constant(STALENESS_BITS));

const labels = fc.dictionary(
  fc.constantFrom(...LABEL_NAMES),
  fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom('\\', '"', '\n', 'n', '|', 'é', '😀', '}') }),
  ),
);

function seriesOf<Value extends number | bigint>(value: fc.Arbitrary<Value>): fc.Arbitrary<ShelvedSeries[]> {
  const rows = fc.uniqueArray(fc.tuple(anyTime, value), {
    selector: ([time]) => time,
    minLength: 1,
    maxLength: 12,
  });
  const one = fc.record({ name: fc.constantFrom(...NAMES), labels, rows });
  return fc.array(one, { maxLength: 8 });
}

/** Series with any values that a text can express. */
export const textSeries = seriesOf(anyValue);
/** Series with any bits as values. */
export const bitSeries = seriesOf(anyBits);
