import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Series } from '@labkeeper/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TextFormat } from '../text-format.js';
import { ExpositionFault } from './exposition-fault.js';
import { ExpositionReader } from './exposition-reader.js';
import { readExposition } from './read-exposition.js';

/** The samples as `[name, labels, value, time]`. */
function rowsOf(text: string | Uint8Array, format: TextFormat = 'prometheus-text') {
  const { series, values, timesMs } = readExposition(text, format);
  return series.map(({ name, labels }, row) => [name, labels, values[row], timesMs[row]]);
}

function faultOf(read: () => unknown): ExpositionFault {
  try {
    read();
  } catch (error) {
    if (error instanceof ExpositionFault) return error;
    throw error;
  }
  throw new Error('there was no fault');
}

describe('reading what a target exposes', () => {
  it('takes samples with and without times, in whatever white space', () => {
    expect(rowsOf('a 1\n \tb{c="d"}\t2  1500 \n\nb { c = "d" , } 3\r\ne{}4')).toEqual([
      ['a', {}, 1, Number.NaN],
      ['b', { c: 'd' }, 2, 1_500],
      ['b', { c: 'd' }, 3, Number.NaN],
      ['e', {}, 4, Number.NaN],
    ]);
  });

  it('takes OpenMetrics with seconds, and reads over exemplars', () => {
    const text = 'a_total 1 1.5 # {trace_id="x} 9"} 0.67 1.2\na_bucket{le="1"} 2 # {} 3\n# EOF';
    expect(rowsOf(text, 'openmetrics')).toEqual([
      ['a_total', {}, 1, 1_500],
      ['a_bucket', { le: '1' }, 2, Number.NaN],
    ]);
  });

  it('takes names in quotes, of the metric and of labels', () => {
    expect(
      rowsOf('{"my.metric","a.b"="c",d="e"} 1\nplain{"ü \\"x\\""="1"} 2\n{a="1","late.name"} 3\n'),
    ).toEqual([
      ['my.metric', { 'a.b': 'c', d: 'e' }, 1, Number.NaN],
      ['plain', { 'ü "x"': '1' }, 2, Number.NaN],
      ['late.name', { a: '1' }, 3, Number.NaN],
    ]);
  });

  it('takes any name in quotes', () => {
    const quoted = (text: string) =>
      `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
    const name = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => text !== '__name__');
    fc.assert(
      fc.property(name, fc.dictionary(name, fc.string({ unit: 'grapheme' })), (metric, labels) => {
        const written = Object.entries(labels).map(([label, value]) => `,${quoted(label)}=${quoted(value)}`);
        expect(rowsOf(`{${quoted(metric)}${written.join('')}} 1\n`)).toEqual([
          [metric, { ...labels }, 1, Number.NaN],
        ]);
      }),
    );
  });

  it('knows what families are, whichever format tells it', () => {
    const text = [
      '#\tHELP a  Says "a"\\\\\\n. ',
      '# TYPE a untyped',
      '# a remark',
      '# TYPE b_seconds gaugehistogram',
      '# UNIT b_seconds seconds',
      '# HELP "my.metric" Quoted.',
      '# EOF',
    ].join('\n');
    expect(Object.fromEntries(readExposition(text, 'openmetrics').families)).toEqual({
      a: { type: 'unknown', help: 'Says "a"\\\n. ', unit: '' },
      b_seconds: { type: 'gaugehistogram', help: '', unit: 'seconds' },
      'my.metric': { type: 'unknown', help: 'Quoted.', unit: '' },
    });
  });

  it('takes a target that exposes nothing', () => {
    expect(rowsOf('')).toEqual([]);
    expect(rowsOf('# EOF\n', 'openmetrics')).toEqual([]);
  });
});

describe('a fault', () => {
  it.each<[string, TextFormat, number, number, string]>([
    ['a 1\nb{c="d} 2\n', 'prometheus-text', 2, 5, 'the value of this label has no end'],
    ['a 1\nb 1e\n', 'prometheus-text', 2, 3, "this value is not a number; found '1e'"],
    ['a\n', 'prometheus-text', 1, 2, 'the value is missing; found the end of the line'],
    ['<html>\n', 'prometheus-text', 1, 1, "a metric name is missing here; found '<html>'"],
    ['a{é="1"} 1', 'prometheus-text', 1, 3, 'the name of a label is missing here'],
    ['a{b="é",b="1"} 1', 'prometheus-text', 1, 9, 'this label was there before'],
    ['{b="1"} 1', 'prometheus-text', 1, 1, 'a metric name is missing here'],
    ['a{"b"} 1', 'prometheus-text', 1, 3, 'the metric has a name already'],
    ['a{__name__="b"} 1', 'prometheus-text', 1, 3, 'no label has this name'],
    ['a 1 1.5\n', 'prometheus-text', 1, 5, 'this timestamp is not a whole number of milliseconds'],
    ['a 1 # {b="c"} 2\n', 'prometheus-text', 1, 5, 'the line should end here'],
    ['# TYPE a thing\n', 'prometheus-text', 1, 10, 'a type is one of counter, gauge'],
    ['a 1\n', 'openmetrics', 2, 1, "the end mark '# EOF' is missing"],
    ['# EOF\na 1\n', 'openmetrics', 2, 1, "nothing may follow '# EOF'"],
  ])('of %j in %s is told with its place', (text, format, line, column, message) => {
    const fault = faultOf(() => readExposition(text, format));
    expect(fault).toMatchObject({ code: 'RESPONSE_MALFORMED', line, column });
    expect(fault.message).toContain(`line ${line}, column ${column}: `);
    expect(fault.message).toContain(message);
  });

  it('does not take back what stands before it', () => {
    const seen: number[] = [];
    const reader = new ExpositionReader({ make: ({ name }) => name });
    const visitor = { sample: (_: string, value: number) => void seen.push(value) };
    expect(() => reader.read('a 1\nb 2\n?\n', 'prometheus-text', visitor)).toThrow(ExpositionFault);
    expect(seen).toEqual([1, 2]);
  });
});

describe('a limit', () => {
  it.each<[string, object, string]>([
    ['a 1\nb 2\nc 3\n', { samples: 2 }, 'line 3, column 1: there are more samples than the 2'],
    ['a{b="1",c="2"} 1\n', { labels: 1 }, 'a series has 2 labels, allowed are 1'],
    ['a{bcd="1"} 1\n', { labelNameLength: 2 }, 'the name of a label has 3 characters, allowed are 2'],
    ['a{b="123"} 1\n', { labelValueLength: 2 }, "the value of the label 'b' has 3 characters"],
    ['a 1\n', { bytes: 3 }, 'the text has 4 bytes, allowed are 3'],
  ])('is kept: %j with %j', (text, limits, message) => {
    const fault = faultOf(() => readExposition(text, 'prometheus-text', limits));
    expect(fault.code).toBe('RESPONSE_TOO_LARGE');
    expect(fault.message).toContain(message);
  });

  it('that is just reached is none', () => {
    const limits = { samples: 1, labels: 1, labelNameLength: 1, labelValueLength: 2, bytes: 12 };
    expect(readExposition('a{b="12"} 1\n', 'prometheus-text', limits).values).toEqual([1]);
  });
});

describe('reading the same target again', () => {
  function countingReader() {
    const made: Series[] = [];
    const reader = new ExpositionReader({ make: (series) => made.push(series) - 1 });
    const read = (text: string) => {
      const seen: [number, number][] = [];
      reader.read(text, 'prometheus-text', { sample: (known, value) => void seen.push([known, value]) });
      return seen;
    };
    return { made, reader, read };
  }

  it('knows each line again, wherever it stands', () => {
    const { made, read } = countingReader();
    expect(read('a{b="1"} 1\nc 2\n')).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect(read('c 4\nd 5\na{b="1"} 3\n')).toEqual([
      [1, 4],
      [2, 5],
      [0, 3],
    ]);
    expect(made.map(({ name }) => name)).toEqual(['a', 'c', 'd']);
  });

  it('goes on after a fault', () => {
    const { made, read } = countingReader();
    expect(() => read('a 1\nb x\n')).toThrow(ExpositionFault);
    expect(read('a 1\nb 2\n')).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect(made).toHaveLength(2);
  });

  it('knows nothing when it was told to forget', () => {
    const { made, reader, read } = countingReader();
    read('a 1\n');
    reader.forget();
    read('a 1\n');
    expect(made).toHaveLength(2);
  });

  it('says the same as reading for the first time, whatever the order of the lines', () => {
    const lines = ['a 1', 'ab 2', 'a{b="c"} 3', 'a{b="cd"} 4', 'a {b="c"} 5', '{"a"} 6', 'a{b="c",} 7'];
    const order = fc.array(fc.constantFrom(...lines), { maxLength: 30 });
    fc.assert(
      fc.property(order, order, (first, second) => {
        const reader = new ExpositionReader({ make: (series) => series });
        const read = (text: string) => {
          const seen: unknown[] = [];
          reader.read(text, 'prometheus-text', {
            sample: ({ name, labels }, value) => void seen.push([name, labels, value, Number.NaN]),
          });
          return seen;
        };
        read(first.join('\n'));
        expect(read(second.join('\n'))).toEqual(rowsOf(second.join('\n')));
      }),
    );
  });
});

describe('any bytes', () => {
  const piece = fc.constantFrom(
    ...[
      'a',
      'b_total',
      '{',
      '}',
      '"',
      '\\',
      ',',
      '=',
      ' ',
      '\t',
      '\n',
      '\r',
      '#',
      '# HELP ',
      '# TYPE ',
      '# EOF',
    ],
    ...['1', '.', 'e', '-', '+Inf', 'NaN', '1e999', '9'.repeat(400), '__name__', '__proto__', 'é', '\0'],
  );
  const texts = fc.oneof(
    fc.array(piece, { maxLength: 60 }).map((pieces): string | Uint8Array => pieces.join('')),
    fc.uint8Array({ maxLength: 200 }),
  );

  it.each<TextFormat>(['prometheus-text', 'openmetrics'])(
    'are read or refused with a place in %s',
    (format) => {
      fc.assert(
        fc.property(texts, (bytes) => {
          try {
            for (const [name] of rowsOf(bytes, format)) expect(name).not.toBe('');
          } catch (error) {
            expect(error).toBeInstanceOf(ExpositionFault);
            expect((error as ExpositionFault).line).toBeGreaterThan(0);
            expect((error as ExpositionFault).column).toBeGreaterThan(0);
          }
        }),
        { numRuns: 2_000 },
      );
    },
  );
});

const RECORDED = join(import.meta.dirname, '../../../../../shared/exposition');

describe.skipIf(!existsSync(RECORDED))(
  'recorded expositions (skipped where there is no folder shared/exposition)',
  () => {
    const files = existsSync(RECORDED) ? readdirSync(RECORDED) : [];

    it.each(files)('%s is read line for line', (file) => {
      const text: string = readFileSync(join(RECORDED, file), 'utf8');
      const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      const { series, values, families } = readExposition(text, 'openmetrics');
      expect(series.map(({ name }) => name)).toEqual(lines.map((line) => line.split(/[ {]/)[0]));
      expect(values).toEqual(lines.map((line) => Number(/[^ ]+(?=( # .*)?$)/.exec(line)?.[0])));
      expect([...families.values()].every(({ help }) => help !== '')).toBe(true);
    });
  },
);
