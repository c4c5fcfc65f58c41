import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TextFormat } from '@labkeeper/exposition';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importOpenMetrics } from './import-open-metrics.js';
import { inPieces, sampleShelf } from './testing/sample-shelf.js';

async function imported(text: string | Uint8Array, format: TextFormat = 'openmetrics', size?: number) {
  const shelf = await sampleShelf();
  const report = await importOpenMetrics(inPieces(text, size), shelf, { format });
  return { report, shelf, contents: await shelf.contents() };
}
const bits = (value: number) => new BigUint64Array(Float64Array.of(value).buffer)[0]?.toString(16);

describe('reading OpenMetrics text', () => {
  it('takes samples, and nothing of what stands around them', async () => {
    const text = [
      '# HELP req Requests\\n made.',
      '# TYPE req counter',
      '# UNIT req requests',
      '#anything',
      '',
      'req_total{code="200"} 5 1.5 # {trace="x}y"} 0.5 1.2',
      ' \treq_total { code = "200" , } 6\t2.25',
      'up 1 -3\r',
      '# EOF',
    ].join('\n');
    const { report, contents } = await imported(text);
    expect(contents).toEqual([
      `req_total[["code","200"]] 1500 ${bits(5)}`,
      `req_total[["code","200"]] 2250 ${bits(6)}`,
      `up[] -3000 ${bits(1)}`,
    ]);
    expect(report).toEqual({
      samples: 3,
      kept: 3,
      conflicting: 0,
      tooOld: 0,
      faulty: 0,
      faults: [],
      isComplete: true,
    });
  });

  it('keeps apart series of which one begins like the other', async () => {
    const { contents } = await imported(
      'a 1 1\nab 2 1\na {b="c"} 3 1\na 4 2\na{b="c"} 5 2\na{b="c"}6 3\n# EOF\n',
    );
    expect(contents).toEqual([
      `a[["b","c"]] 1000 ${bits(3)}`,
      `a[["b","c"]] 2000 ${bits(5)}`,
      `a[["b","c"]] 3000 ${bits(6)}`,
      `a[] 1000 ${bits(1)}`,
      `a[] 2000 ${bits(4)}`,
      `ab[] 1000 ${bits(2)}`,
    ]);
  });

  it('finds the right series in any order of lines', async () => {
    const texts = ['a', 'ab', 'a{b="c"}', 'a{b="cd"}', 'a {b="c"}', 'b'];
    const keys = ['a[]', 'ab[]', 'a[["b","c"]]', 'a[["b","cd"]]', 'a[["b","c"]]', 'b[]'];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(texts.length - 1), { maxLength: 40 }), async (order) => {
        const lines = order.map((index, row) => `${texts[index]} 1 ${row}\n`);
        const expected = order.map((index, row) => `${keys[index]} ${row * 1_000} ${bits(1)}`);
        expect((await imported(`${lines.join('')}# EOF\n`)).contents).toEqual(expected.sort());
      }),
    );
  });

  it.each([
    ['\\\\', '\\'],
    ['\\"', '"'],
    ['\\n', '\n'],
    ['\\\\n', '\\n'],
    ['\\t', '\\t'],
    ['a\\\\"', undefined],
    ['}{,= #', '}{,= #'],
    ['Grüße 😀', 'Grüße 😀'],
  ])('reads the label value "%s"', async (written, value) => {
    const { contents } = await imported(`m{a="${written}"} 1 1\n# EOF\n`);
    const expected = value === undefined ? [] : [`m${JSON.stringify([['a', value]])} 1000 ${bits(1)}`];
    expect(contents).toEqual(expected);
  });

  it.each([
    ['5.', 5],
    ['.5', 0.5],
    ['+1e3', 1_000],
    ['-0', -0],
    ['1E-2', 0.01],
    ['-Inf', Number.NEGATIVE_INFINITY],
    ['inf', Number.POSITIVE_INFINITY],
    ['+Infinity', Number.POSITIVE_INFINITY],
    ['nan', Number.NaN],
    ['00012', 12],
    ['9007199254740993', 9_007_199_254_740_992],
    ['0.1234567890123456789012345', 0.12345678901234568],
  ])('reads the value %s', async (written, value) => {
    expect((await imported(`m ${written} 1\n# EOF\n`)).contents).toEqual([`m[] 1000 ${bits(value)}`]);
  });

  it.each([
    ['1700000000.123', 1_700_000_000_123],
    ['1.700000000123e+09', 1_700_000_000_123],
    ['-0.0004', 0],
    ['0.0005', 1],
    ['-1.5', -1_500],
    ['1726839813.016397', 1_726_839_813_016],
    ['9007199254740.991', Number.MAX_SAFE_INTEGER],
  ])('reads the time %s', async (written, timeMs) => {
    expect((await imported(`m 1 ${written}\n# EOF\n`)).contents).toEqual([`m[] ${timeMs} ${bits(1)}`]);
  });

  it('reads every finite decimal as JavaScript does', async () => {
    const decimal = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc
        .tuple(fc.maxSafeInteger(), fc.nat(999_999_999), fc.integer({ min: -330, max: 310 }))
        .map(([a, b, c]) => `${a}.${b}e${c}`),
      fc.tuple(fc.maxSafeInteger(), fc.nat()).map(([whole, places]) => `${whole}.${places}`),
    );
    const infinite = (value: number) => Number.isFinite(value);
    await fc.assert(
      fc.asyncProperty(
        decimal.filter((text) => infinite(Number(text))),
        async (text) => {
          expect((await imported(`m ${text} 1\n# EOF\n`)).contents).toEqual([
            `m[] 1000 ${bits(Number(text))}`,
          ]);
        },
      ),
    );
  });
});

describe('reading the older format', () => {
  it('takes timestamps as milliseconds and the end mark as a comment', async () => {
    const { report, contents } = await imported('m 1 1500\n# EOF\nm 2 -2500\n', 'prometheus-text');
    expect(contents).toEqual([`m[] -2500 ${bits(2)}`, `m[] 1500 ${bits(1)}`]);
    expect(report).toMatchObject({ faulty: 0, isComplete: true });
  });

  it('knows neither fractions of a millisecond nor exemplars', async () => {
    const { report } = await imported('m 1 1.5\nm 1 15e2\nm 1 1500 # {} 1\n', 'prometheus-text');
    expect(report.faults.map(({ line, column, found }) => [line, column, found])).toEqual([
      [1, 5, '1.5'],
      [2, 5, '15e2'],
      [3, 10, '# {} 1'],
    ]);
  });
});

describe('a faulty line', () => {
  it.each([
    ['1m 1 1', 1, '1m 1 1', 'a metric name is missing here'],
    ['{a="b"} 1 1', 1, '{a="b"} 1 1', 'a metric name is missing here'],
    ['m-x 1 1', 2, '-x 1 1', 'a metric name has only letters, digits, _ and :'],
    ['m{="b"} 1 1', 3, '="b"} 1 1', 'the name of a label is missing here'],
    ['m{a:b="b"} 1 1', 3, 'a:b="b"} 1 1', 'the name of a label is missing here'],
    ['m{__name__="b"} 1 1', 3, '__name__="b"} 1 1', "names of labels that begin with '__' are reserved"],
    ['m{a="ü",a="c"} 1 1', 9, 'a="c"} 1 1', 'this label was there before'],
    ['m{a "b"} 1 1', 5, '"b"} 1 1', "'=' is missing behind the name of a label"],
    ['m{a=b} 1 1', 5, 'b} 1 1', 'the value of a label stands in double quotes'],
    ['m{a="b} 1 1', 5, '"b} 1 1', 'the value of this label has no end'],
    ['m{a="b\\', 5, '"b\\', 'the value of this label has no end'],
    ['m{a="b" c="d"} 1 1', 9, 'c="d"} 1 1', "',' or '}' is missing behind a label"],
    ['m{a="b" 1 1', 9, '1 1', "',' or '}' is missing behind a label"],
    ['m', 2, '', 'the value is missing'],
    ['m{a="b"} ', 10, '', 'the value is missing'],
    ['m one 1', 3, 'one 1', 'this value is not a number'],
    ['m{a="😀é"} 0x1 1', 12, '0x1 1', 'this value is not a number'],
    ['m 1.2.3 1', 3, '1.2.3 1', 'this value is not a number'],
    ['m 1e 1', 3, '1e 1', 'this value is not a number'],
    ['m . 1', 3, '. 1', 'this value is not a number'],
    ['m - 1', 3, '- 1', 'this value is not a number'],
    ['m -nan 1', 3, '-nan 1', 'this value is not a number'],
    ['m 1', 4, '', 'the timestamp is missing: nobody knows when this was so'],
    ['m 1 # {} 1 1', 5, '# {} 1 1', 'the timestamp is missing: nobody knows when this was so'],
    ['m 1 now', 5, 'now', 'this timestamp is not a number of seconds'],
    ['m 1 NaN', 5, 'NaN', 'this timestamp is not a number of seconds'],
    ['m 1 9007199254740.992', 5, '9007199254740.992', 'this timestamp is too far away'],
    ['m 1 1e300', 5, '1e300', 'this timestamp is too far away'],
    ['m 1 1 2', 7, '2', 'the line should end here'],
  ])('%s', async (line, column, found, says) => {
    const { report, contents } = await imported(`ok 1 1\n${line}\nok 1 2\n# EOF\n`);
    expect(report.faults).toEqual([{ line: 2, column, found, says }]);
    expect(report).toMatchObject({ samples: 2, faulty: 1, isComplete: true });
    expect(contents).toHaveLength(2);
  });

  it('is one whose label value is not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('m{a="x'), Buffer.from([0xff]), Buffer.from('"} 1 1\n# EOF\n')]);
    const { report } = await imported(bytes);
    expect(report.faults).toEqual([
      { line: 1, column: 6, found: 'x\ufffd"} 1 1', says: 'the value of this label is not UTF-8' },
    ]);
  });

  it('is one that follows the end mark', async () => {
    const { report, contents } = await imported('m 1 1\n# EOF\n\nm 2 2\n# EOF\n');
    expect(report.faults).toMatchObject([
      { line: 4, column: 1, found: 'm 2 2' },
      { line: 5, says: "nothing may follow '# EOF'" },
    ]);
    expect(contents).toHaveLength(1);
  });

  it.each([100, 70_000, 2_000_000])('is one of more than a megabyte, in pieces of %i', async (size) => {
    const long = (bytes: number) => `mm{a="${'é'.repeat((bytes - 12) / 2)}"} 1 1`;
    const text = `${long(1_048_576)}\n${long(1_048_578)}\nm 1 1\n# EOF\n`;
    const { report } = await imported(Buffer.from(text), 'openmetrics', size);
    expect(report).toMatchObject({ samples: 2, faulty: 1, isComplete: true });
    expect(report.faults).toEqual([
      { line: 2, column: 1, found: `mm{a="${'é'.repeat(34)}`, says: 'this line is longer than 1 MB' },
    ]);
  });

  it('is told of twenty times, and then only counted', async () => {
    const { report } = await imported(`${'m x 1\n'.repeat(50)}m 1 1\n# EOF\n`);
    expect(report).toMatchObject({ samples: 1, faulty: 50 });
    expect(report.faults.map(({ line }) => line)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
  });
});

describe('a file that was cut off', () => {
  it('lacks its end mark', async () => {
    expect((await imported('m 1 1\n')).report).toMatchObject({ samples: 1, faulty: 0, isComplete: false });
    expect((await imported('')).report).toMatchObject({ samples: 0, isComplete: false });
  });

  it.each(['openmetrics', 'prometheus-text'] as const)(
    'is not believed its last number (%s)',
    async (format) => {
      const { report, contents } = await imported('m 1 1700\nm 1 170', format);
      expect(contents).toHaveLength(1);
      expect(report).toMatchObject({ faulty: 1, isComplete: false });
      expect(report.faults).toEqual([
        { line: 2, column: 8, found: '', says: 'the file was cut off within this line' },
      ]);
    },
  );

  it('is none when only the last line feed is missing behind the end mark', async () => {
    expect((await imported('m 1 1\n# EOF')).report).toMatchObject({ faulty: 0, isComplete: true });
  });
});

describe('the pieces in which a file arrives', () => {
  const text = '# HELP m é😀\nm{a="é😀\\n"} 1.5 1.25\r\nm{a="é😀\\n"} x\nup NaN -2 # {} 1\n\n# EOF\n';

  it('make no difference, wherever the bytes are split', async () => {
    const bytes = Buffer.from(text);
    const whole = await imported(bytes);
    expect(whole.report).toMatchObject({ samples: 2, faulty: 1, isComplete: true });
    for (let at = 0; at <= bytes.length; at++) {
      const shelf = await sampleShelf();
      const pieces = async function* () {
        yield bytes.subarray(0, at);
        yield bytes.subarray(at);
      };
      expect(await importOpenMetrics(pieces(), shelf, { format: 'openmetrics' })).toEqual(whole.report);
      expect(await shelf.contents()).toEqual(whole.contents);
    }
  });

  it.each([1, 2, 3, 7])('make no difference as text of %i characters either', async (size) => {
    const whole = await imported(Buffer.from(text));
    const split = await imported(text, 'openmetrics', size);
    expect([split.report, split.contents]).toEqual([whole.report, whole.contents]);
  });
});

describe('what the store is given', () => {
  it('are batches of ten thousand rows, with one object per series', async () => {
    const text = Array.from({ length: 25_000 }, (_, row) => `m{a="${row % 2}"} ${row} ${row}\n`).join('');
    const { shelf, report } = await imported(`${text}# EOF\n`);
    expect(shelf.batches.map(({ series }) => series.length)).toEqual([10_000, 10_000, 5_000]);
    expect(new Set(shelf.batches.flatMap(({ series }) => series)).size).toBe(2);
    expect(report).toMatchObject({ samples: 25_000, kept: 25_000 });
  });

  it('comes back summed up over the batches', async () => {
    const outcome = { kept: 3, conflicting: 2, tooOld: 1 };
    const text = 'm 1 1\n'.repeat(20_001);
    const target = { append: async () => outcome };
    const report = await importOpenMetrics(inPieces(`${text}# EOF\n`), target, { format: 'openmetrics' });
    expect(report).toMatchObject({ samples: 20_001, kept: 9, conflicting: 6, tooOld: 3 });
  });

  it('ends the import when the store refuses it', async () => {
    const target = { append: () => Promise.reject(new Error('disk full')) };
    await expect(importOpenMetrics(inPieces('m 1 1\n'), target, { format: 'openmetrics' })).rejects.toThrow(
      'disk full',
    );
  });
});

const RECORDED = join(import.meta.dirname, '../../../../../shared/exposition');

describe.skipIf(!existsSync(RECORDED))(
  'recorded expositions (skipped where there is no folder shared/exposition)',
  () => {
    const files = existsSync(RECORDED) ? readdirSync(RECORDED) : [];

    // What is scraped has no timestamps: each line with a sample is a fault, and the only one that is right.
    it.each(files)('%s is understood up to its missing timestamps', async (file) => {
      const bytes = readFileSync(join(RECORDED, file));
      const { report } = await imported(bytes);
      expect(new Set(report.faults.map(({ says }) => says))).toEqual(
        new Set(['the timestamp is missing: nobody knows when this was so']),
      );
      const stamped = bytes
        .toString()
        .replace(/^([^#\n]*?)( #.*)?$/gm, (line, sample: string, exemplar: string = '') =>
          sample === '' ? line : `${sample} 1.5${exemplar}`,
        );
      expect((await imported(stamped)).report).toMatchObject({ samples: report.faulty, faulty: 0 });
    });
  },
);
