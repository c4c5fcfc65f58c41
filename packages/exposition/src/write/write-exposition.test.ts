import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readExposition } from '../read/read-exposition.js';
import type { TextFormat } from '../text-format.js';
import { type ExposedFamily, writeExposition } from './write-exposition.js';

const gauge = (name: string, samples: ExposedFamily['samples'], help = 'Help.'): ExposedFamily => ({
  name,
  help,
  type: 'gauge',
  samples,
});
const ONE = [{ labels: {}, value: 1 }];

describe('the text format of Prometheus', () => {
  it('has help, type and one line for each sample, in the order of the names', () => {
    const text = writeExposition([
      { ...gauge('b_total', [{ labels: {}, value: 3 }], 'Second.'), type: 'counter' },
      gauge('a', [
        { labels: { room: 'cellar', rack: '1' }, value: 20.5 },
        { labels: { room: 'attic', rack: '2' }, value: -1e-9, timeMs: 1_500 },
      ]),
    ]);
    expect(text).toBe(
      [
        '# HELP a Help.',
        '# TYPE a gauge',
        'a{room="cellar",rack="1"} 20.5',
        'a{room="attic",rack="2"} -1e-9 1500',
        '# HELP b_total Second.',
        '# TYPE b_total counter',
        'b_total 3',
        '',
      ].join('\n'),
    );
  });

  it('escapes what would end a text', () => {
    const text = writeExposition([
      gauge('a', [{ labels: { path: 'C:\\new\n"x"' }, value: 1 }], 'one\\\ntwo "x"'),
    ]);
    expect(text).toContain('# HELP a one\\\\\\ntwo "x"\n');
    expect(text).toContain('a{path="C:\\\\new\\n\\"x\\""} 1\n');
  });

  it('writes what is no number as Prometheus reads it', () => {
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e21, -0];
    const text = writeExposition([
      gauge(
        'a',
        values.map((value) => ({ labels: {}, value })),
      ),
    ]);
    expect(text.split('\n').slice(2, 7)).toEqual(['a NaN', 'a +Inf', 'a -Inf', 'a 1e+21', 'a -0']);
  });

  it('writes the parts of a histogram under their own names', () => {
    const family: ExposedFamily = {
      name: 'h_seconds',
      help: 'H.',
      type: 'histogram',
      samples: [
        { labels: { le: '0.1' }, value: 1, suffix: '_bucket' },
        { labels: { le: '+Inf' }, value: 2, suffix: '_bucket' },
        { labels: {}, value: 0.7, suffix: '_sum' },
        { labels: {}, value: 2, suffix: '_count' },
      ],
    };
    expect(writeExposition([family])).toContain(
      'h_seconds_bucket{le="+Inf"} 2\nh_seconds_sum 0.7\nh_seconds_count 2\n',
    );
  });

  it('calls the type that nobody knows untyped', () => {
    expect(writeExposition([{ ...gauge('a', ONE), type: 'unknown' }])).toContain('# TYPE a untyped\n');
  });

  it('leaves out a family without samples', () => {
    expect(writeExposition([gauge('a', [])])).toBe('');
  });

  it('refuses names that the format does not know', () => {
    expect(() => writeExposition([gauge('a-b', ONE)])).toThrow(RangeError);
    expect(() => writeExposition([gauge('a', [{ labels: { 'b-c': 'x' }, value: 1 }])])).toThrow(RangeError);
  });
});

describe('OpenMetrics', () => {
  it('names the family of a counter without its suffix, and has seconds, units and an end', () => {
    const text = writeExposition(
      [
        { ...gauge('b_total', [{ labels: {}, value: 3, timeMs: -1_500 }], 'Say "b".'), type: 'counter' },
        { ...gauge('a_seconds', ONE), unit: 'seconds' },
        { ...gauge('c', ONE), type: 'counter', unit: 'bytes' },
      ],
      'openmetrics',
    );
    expect(text).toBe(
      [
        '# TYPE a_seconds gauge',
        '# UNIT a_seconds seconds',
        '# HELP a_seconds Help.',
        'a_seconds 1',
        '# TYPE b counter',
        '# HELP b Say \\"b\\".',
        'b_total 3 -1.5',
        '# TYPE c unknown',
        '# HELP c Help.',
        'c 1',
        '# EOF\n',
      ].join('\n'),
    );
  });
});

describe('what was written', () => {
  const labels = fc.dictionary(
    fc.stringMatching(/^[a-z][a-z0-9_]{0,7}$/),
    fc.string({ unit: fc.constantFrom('\\', '"', '\n', 'n', '{', '}', ' ', '#', 'é', '😀'), minLength: 1 }),
  );
  const sample = fc.record(
    { labels, value: fc.double(), timeMs: fc.maxSafeInteger() },
    { requiredKeys: ['labels', 'value'] },
  );

  it.each<TextFormat>(['prometheus-text', 'openmetrics'])('reads back the same in %s', (format) => {
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 20 }), fc.string(), (samples, help) => {
        const { series, values, timesMs, families } = readExposition(
          writeExposition([gauge('a', samples, help.trim())], format),
          format,
        );
        expect(series).toEqual(samples.map((each) => ({ name: 'a', labels: { ...each.labels } })));
        expect(values).toEqual(samples.map(({ value }) => value));
        expect(timesMs).toEqual(samples.map(({ timeMs }) => timeMs ?? Number.NaN));
        expect(families.get('a')).toEqual({ type: 'gauge', help: help.trim(), unit: '' });
      }),
    );
  });
});
