import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportOpenMetrics } from './export-open-metrics.js';
import { importOpenMetrics } from './import-open-metrics.js';
import { textSeries } from './testing/any-series.js';
import {
  ALWAYS,
  gathered,
  inPieces,
  ONE_STRIDE,
  type ShelvedSeries,
  sampleShelf,
} from './testing/sample-shelf.js';

async function exported(...shelved: readonly ShelvedSeries[]) {
  const found = exportOpenMetrics(await sampleShelf(...shelved), ALWAYS, ONE_STRIDE);
  return { text: (await gathered(found)).toString(), report: found.report };
}

describe('samples as OpenMetrics text', () => {
  it('stand by name and series, below the type of their family, before the end mark', async () => {
    const { text, report } = await exported(
      {
        name: 'up',
        rows: [
          [1_500, 1],
          [2_000, 0],
        ],
      },
      { name: 'requests_total', labels: { code: '200', app: 'a' }, rows: [[1_000, 5]] },
    );
    expect(text).toBe(
      [
        '# TYPE requests_total unknown',
        'requests_total{code="200",app="a"} 5 1',
        '# TYPE up unknown',
        'up 1 1.5',
        'up 0 2',
        '# EOF\n',
      ].join('\n'),
    );
    expect({ ...report }).toEqual({ series: 2, samples: 3, leftOut: 0 });
  });

  it('are only the end mark when there are none', async () => {
    expect((await exported()).text).toBe('# EOF\n');
  });

  it.each([
    [-1, '-0.001'],
    [-1_500, '-1.5'],
    [0, '0'],
    [-60_000, '-60'],
    [1_700_000_000_120, '1700000000.12'],
  ])('have the time %s as %s', async (timeMs, written) => {
    expect((await exported({ name: 'm', rows: [[timeMs, 1]] })).text).toContain(`m 1 ${written}\n`);
  });

  it.each([
    [-0, '-0'],
    [0.1 + 0.2, '0.30000000000000004'],
    [1e21, '1e+21'],
    [5e-324, '5e-324'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '+Inf'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
  ])('have the value %s as %s', async (value, written) => {
    expect((await exported({ name: 'm', rows: [[0, value]] })).text).toContain(`m ${written} 0\n`);
  });

  it('escape what would end a label', async () => {
    const { text } = await exported({ name: 'm', labels: { path: 'C:\\new "x"\ny' }, rows: [[0, 1]] });
    expect(text).toContain('m{path="C:\\\\new \\"x\\"\\ny"} 1 0\n');
  });

  it('lack staleness marks and labels that the format does not know, and say how many', async () => {
    const { text, report } = await exported(
      {
        name: 'm',
        rows: [
          [0, 1],
          [1, 0x7ff0000000000002n],
          [2, 0x7ff8000000000001n],
        ],
      },
      {
        name: 'n',
        labels: { 'a.b': 'c' },
        rows: [
          [0, 1],
          [1, 1],
        ],
      },
      { name: 'o', rows: [[0, 0x7ff0000000000002n]] },
    );
    expect(text).toBe('# TYPE m unknown\nm 1 0\nm NaN 0.002\n# EOF\n');
    expect({ ...report }).toEqual({ series: 1, samples: 2, leftOut: 4 });
  });

  it('come in pieces of some 64 KB, however many there are of a series', async () => {
    const rows = Array.from({ length: 20_000 }, (_, row) => [row * 1_000, row] as const);
    const sizes: number[] = [];
    for await (const piece of exportOpenMetrics(await sampleShelf({ name: 'm', rows }), ALWAYS, ONE_STRIDE))
      sizes.push(piece.length);
    expect(sizes.length).toBeGreaterThan(2);
    expect(Math.max(...sizes)).toBeLessThan(140_000);
  });

  it('read back bit for bit', async () => {
    await fc.assert(
      fc.asyncProperty(textSeries, fc.integer({ min: 1, max: 300 }), async (shelved, size) => {
        const [from, to] = [await sampleShelf(...shelved), await sampleShelf()];
        const text = await gathered(exportOpenMetrics(from, ALWAYS, ONE_STRIDE));
        const report = await importOpenMetrics(inPieces(text, size), to, { format: 'openmetrics' });
        expect(report).toMatchObject({ faults: [], isComplete: true });
        expect(await to.contents()).toEqual(await from.contents());
      }),
    );
  });
});
