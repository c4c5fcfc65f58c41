import { isStalenessMark, type Series, STALENESS_MARK } from '@labkeeper/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeWriteRequest, WriteRequestFault } from './decode-write-request.js';
import { encodeWriteRequest, type SentSeries } from './testing/encode-write-request.js';
import { SeriesBook, writeBatch } from './write-batch.js';

const NOW = Date.parse('2026-01-31T12:00:00Z');

const label = fc.stringMatching(/^[a-z_]{1,10}$/);
const sent: fc.Arbitrary<SentSeries> = fc.record({
  labels: fc.dictionary(label, fc.string({ unit: 'binary', minLength: 1 }), { noNullPrototype: true }),
  samples: fc.array(fc.record({ timeMs: fc.integer({ min: -NOW, max: NOW }), value: fc.double() }), {
    maxLength: 20,
  }),
});

describe('a write request', () => {
  it('is read as it was sent', () => {
    fc.assert(
      fc.property(fc.array(sent, { maxLength: 5 }), (series) => {
        const { series: read } = decodeWriteRequest(encodeWriteRequest(series));
        expect(
          read.map(({ labels, timesMs, values }) => ({ labels, timesMs: [...timesMs], values: [...values] })),
        ).toEqual(
          series.map(({ labels, samples }) => ({
            labels,
            timesMs: samples.map(({ timeMs }) => timeMs),
            values: samples.map(({ value }) => value),
          })),
        );
      }),
    );
  });

  it('keeps the staleness mark', () => {
    const bytes = encodeWriteRequest([
      { labels: { a: 'b' }, samples: [{ timeMs: 1, value: STALENESS_MARK }] },
    ]);
    expect(isStalenessMark(decodeWriteRequest(bytes).series[0]?.values[0] as number)).toBe(true);
  });

  it('that is anything else is refused, and never crashes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeWriteRequest(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(WriteRequestFault);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('that was cut is refused', () => {
    const bytes = encodeWriteRequest([{ labels: { a: 'b' }, samples: [{ timeMs: 1, value: 2 }] }]);
    for (let length = 1; length < bytes.length; length++)
      expect(() => decodeWriteRequest(bytes.subarray(0, length))).toThrow(WriteRequestFault);
  });

  it('that names a label twice is refused', () => {
    const twice = encodeWriteRequest([{ labels: { a: 'b' }, samples: [], more: { a: 'c' } }]);
    expect(() => decodeWriteRequest(twice)).toThrow("the label 'a' stands twice in one series");
  });
});

describe('the rows of a write request', () => {
  const make = (name: string, labels: Readonly<Record<string, string>>): Series => ({ name, labels });
  const rows = (series: readonly SentSeries[]) =>
    writeBatch(decodeWriteRequest(encodeWriteRequest(series)).series, make, NOW);
  const one = { timeMs: NOW, value: 1 };

  it('are what is valid, and a sentence for each series that is not', () => {
    const batch = rows([
      { labels: { __name__: 'up', job: 'node' }, samples: [one, { timeMs: NOW + 1, value: 2 }] },
      { labels: { job: 'nameless' }, samples: [one] },
      { labels: { __name__: 'a b' }, samples: [one] },
      { labels: { __name__: 'up', 'a-b': 'x' }, samples: [one] },
      { labels: { __name__: 'later' }, samples: [{ timeMs: NOW + 3_600_000, value: 1 }] },
    ]);
    expect(batch.series).toEqual(Array(2).fill({ name: 'up', labels: { job: 'node' } }));
    expect([...batch.values]).toEqual([1, 2]);
    expect([batch.refused, batch.faults]).toEqual([
      4,
      [
        'a series without __name__',
        "'a b' is no metric name",
        "'a-b' of up is no label name",
        'a sample of later is from the future',
      ],
    ]);
  });

  it('have the same object for the same series, and the book of them is bounded', () => {
    let made = 0;
    const book = new SeriesBook((name, labels) => {
      made += 1;
      return make(name, labels);
    }, 2);
    expect(book.of('a', { x: '1' })).toBe(book.of('a', { x: '1' }));
    for (const name of ['b', 'c', 'd', 'e']) book.of(name, {});
    book.of('a', { x: '1' });
    expect(made).toBe(6);
  });
});
