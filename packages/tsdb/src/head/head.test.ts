import type { Series } from '@labkeeper/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeChunk } from '../chunk.js';
import { allBits, anyBits, batchOf, bitsOf as bitsOfValue, type Row, SEED } from '../testing/sample-rows.js';
import { Head } from './head.js';
import { bytesOf, type HeadSeries } from './head-series.js';
import { windowOf } from './window.js';

const UP = { name: 'up', labels: { job: 'node' } };
const WINDOW_MS = 1_000;
const LIMITS = { windowMs: WINDOW_MS, outOfOrderMs: 500 };

const lines = ({ timesMs, values }: { timesMs: Float64Array; values: Float64Array }) => {
  const bits = allBits(values);
  return Array.from(timesMs, (timeMs, row) => `${timeMs} ${bits[row]}`);
};
const entryOf = (head: Head) => head.index.find(UP) as HeadSeries;

/** Many in few windows, most of them one after the other, so that tails fill and late ones come between. */
const steps = fc.array(fc.tuple(fc.integer({ min: -40, max: 30 }), anyBits), {
  minLength: 1,
  maxLength: 700,
  size: 'max',
});
function rowsOf(found: readonly (readonly [number, bigint])[]): Row[] {
  let timeMs = 0;
  return found.map(([step, bits], row): Row => {
    timeMs = Math.max(row * 4 - 600, timeMs + step);
    return [UP, timeMs, bits];
  });
}
/** What stays: the first value of each time. */
function kept(rows: readonly Row[]): ReadonlyMap<number, bigint> {
  const first = new Map<number, bigint>();
  for (const [, timeMs, bits] of rows) if (!first.has(timeMs)) first.set(timeMs, bits as bigint);
  return new Map([...first].sort(([a], [b]) => a - b));
}
const linesOf = (samples: ReadonlyMap<number, bigint>) =>
  [...samples].map(([timeMs, bits]) => `${timeMs} ${bits}`);

describe('the head', () => {
  it('keeps the first value of each time, in whatever order they come', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 200 }), (found, size) => {
        const [head, rows] = [new Head(LIMITS, () => Number.POSITIVE_INFINITY), rowsOf(found)];
        let [keptRows, conflicting] = [0, 0];
        for (let start = 0; start < rows.length; start += size) {
          const { outcome } = head.take(batchOf(rows.slice(start, start + size)), true);
          keptRows += outcome.kept;
          conflicting += outcome.conflicting;
        }
        const expected = kept(rows);
        expect(lines(entryOf(head).between(-Infinity, Infinity))).toEqual(linesOf(expected));
        expect([keptRows, head.counts.samples]).toEqual([expected.size, expected.size]);
        const others = rows.filter(([, timeMs, bits]) => expected.get(timeMs) !== bits);
        expect(conflicting).toBe(others.length);
      }),
      { seed: SEED, numRuns: 100 },
    );
  });

  it('gives chunks of one window each, with everything up to a time, and counts what it lets go', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: -1, max: 4 }), (found, windows) => {
        const [head, rows] = [new Head(LIMITS, () => Number.POSITIVE_INFINITY), rowsOf(found)];
        head.take(batchOf(rows), true);
        const [entry, untilMs] = [entryOf(head), windows * WINDOW_MS];
        const chunks = entry.chunksUntil(head.rules, untilMs);
        const sealed = chunks.flatMap((chunk) => lines(decodeChunk(bytesOf(chunk), chunk.span.windowMs)));
        for (const { firstMs, lastMs, windowMs } of chunks.map(({ span }) => span))
          expect([firstMs, lastMs].map((timeMs) => windowOf(timeMs, WINDOW_MS))).toEqual([
            windowMs,
            windowMs,
          ]);
        const expected = [...kept(rows)];
        const upTo = new Map(expected.filter(([timeMs]) => timeMs <= untilMs));
        expect(sealed.sort()).toEqual(linesOf(upTo).sort());
        expect(lines(entry.between(-Infinity, Infinity))).toEqual(linesOf(new Map(expected)));
        entry.drop(head.rules, chunks);
        expect(lines(entry.between(-Infinity, Infinity))).toEqual(
          linesOf(new Map(expected.slice(upTo.size))),
        );
        expect(head.counts.samples).toBe(expected.length - upTo.size);
        expect(entry.isEmpty).toBe(expected.length === upTo.size);
      }),
      { seed: SEED, numRuns: 100 },
    );
  });

  it('gives the journal what it kept, and nothing that it refused', () => {
    const head = new Head(LIMITS, () => Number.POSITIVE_INFINITY);
    head.take(batchOf([[UP, 1_000, 1]]), false);
    const rows: Row[] = [
      [UP, 1_000, 2],
      [UP, 2_000, 3],
      [UP, 1_400, 4],
      [UP, 1_000, 1],
      [UP, 1_600, 5],
    ];
    const { outcome, rows: forJournal, newestMs } = head.take(batchOf(rows), false);
    expect(outcome).toEqual({ kept: 2, conflicting: 1, tooOld: 2 });
    expect(
      Array.from({ length: forJournal.count }, (_, row) => [forJournal.timesMs[row], forJournal.values[row]]),
    ).toEqual([
      [2_000, 3],
      [1_600, 5],
    ]);
    expect(newestMs).toBe(2_000);
  });

  it('keeps none of a batch of which a row can never be kept', () => {
    const head = new Head(LIMITS, () => Number.POSITIVE_INFINITY);
    const bad: Row[][] = [
      [
        [UP, 1, 1],
        [UP, 1.5, 1],
      ],
      [
        [UP, 1, 1],
        [{ name: 'no name', labels: {} }, 1, 1],
      ],
      [[UP, 2 ** 53, 1]],
    ];
    for (const rows of bad)
      expect(() => head.take(batchOf(rows), true)).toThrow(
        expect.objectContaining({ code: 'STORAGE_INVALID' }),
      );
    expect([head.counts.samples, head.index.size]).toEqual([0, 0]);
  });
});

describe('series that are measured together', () => {
  const SERIES = ['a', 'b', 'c', 'd'].map((job) => ({ name: 'up', labels: { job } }));
  const ALL_OF_THEM = 2 ** SERIES.length - 1;
  /** Mostly all of them at one time; now and then some are missing, or some are a little later or earlier. */
  const someOfThem = (weight: number, usual: number) =>
    fc.oneof({ weight, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.nat(ALL_OF_THEM) });
  const round = fc.record({
    stepMs: fc.constantFrom(10, 10, 10, 11),
    present: someOfThem(20, ALL_OF_THEM),
    shifted: someOfThem(20, 0),
    shiftMs: fc.constantFrom(-15, 1, 2),
  });
  type Round = typeof round extends fc.Arbitrary<infer Value> ? Value : never;

  function* rowsOfRounds(rounds: readonly Round[]): Iterable<Row[]> {
    let [timeMs, value] = [0, 0];
    for (const { stepMs, present, shifted, shiftMs } of rounds) {
      timeMs += stepMs;
      yield SERIES.flatMap((series, index): Row[] => {
        const isAmong = (mask: number) => ((mask >>> index) & 1) === 1;
        return isAmong(present) ? [[series, timeMs + (isAmong(shifted) ? shiftMs : 0), value++]] : [];
      });
    }
  }

  it('each keep their own times and values, before and after they are sealed', () => {
    fc.assert(
      fc.property(fc.array(round, { minLength: 100, maxLength: 300 }), (rounds) => {
        const head = new Head(LIMITS, () => Number.POSITIVE_INFINITY);
        const expected = new Map<Series, Map<number, number>>(SERIES.map((series) => [series, new Map()]));
        const sealed = new Map<Series, string[]>(SERIES.map((series) => [series, []]));
        for (const [number, rows] of [...rowsOfRounds(rounds)].entries()) {
          head.take(batchOf(rows), true);
          for (const [series, timeMs, value] of rows) {
            const known = expected.get(series);
            if (!known?.has(timeMs)) known?.set(timeMs, value as number);
          }
          if (number % 150 !== 149) continue;
          for (const [series, before] of sealed) {
            const entry = head.index.find(series);
            const chunks = entry?.chunksUntil(head.rules, WINDOW_MS) ?? [];
            for (const chunk of chunks)
              before.push(...lines(decodeChunk(bytesOf(chunk), chunk.span.windowMs)));
            entry?.drop(head.rules, chunks);
          }
        }
        for (const [series, known] of expected) {
          const inHead = head.index.find(series)?.between(-Infinity, Infinity);
          const found = [...(sealed.get(series) ?? []), ...(inHead ? lines(inHead) : [])];
          const wanted = [...known].map(([timeMs, value]) => `${timeMs} ${bitsOfValue(value)}`);
          expect(found.sort()).toEqual(wanted.sort());
        }
      }),
      { seed: SEED, numRuns: 60 },
    );
  });
});

describe('a batch with many rows of one series', () => {
  it('is kept like rows that come one by one, however many are new', () => {
    for (const rows of [2, 9, 119, 120, 121, 500]) {
      const head = new Head(LIMITS, () => Number.POSITIVE_INFINITY);
      const series = Array.from({ length: rows }, () => ({ name: 'up', labels: {} }));
      const timesMs = Float64Array.from(series, (_, row) => row * 10_000);
      const { outcome } = head.take({ series, timesMs, values: timesMs }, false);
      expect(outcome).toEqual({ kept: rows, conflicting: 0, tooOld: 0 });
      const [entry] = head.index.all();
      expect([...(entry?.between(0, Number.MAX_SAFE_INTEGER).timesMs ?? [])]).toEqual([...timesMs]);
    }
  });
});
