import type { MetricFamily } from '@labkeeper/engine';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readExposition } from '../../fixtures/read-exposition.js';
import { writeExposition } from './write-exposition.js';

const gauge = (name: string, samples: MetricFamily['samples'], help = 'Help.'): MetricFamily => ({
  name,
  help,
  type: 'gauge',
  samples,
});

describe('the text format of Prometheus', () => {
  it('has help, type and one line for each sample', () => {
    const text = writeExposition([
      { ...gauge('b_total', [{ labels: {}, value: 3 }], 'Second.'), type: 'counter' },
      gauge('a', [
        { labels: { room: 'cellar', rack: '1' }, value: 20.5 },
        { labels: { room: 'attic', rack: '2' }, value: -1e-9 },
      ]),
    ]);
    expect(text).toBe(
      [
        '# HELP a Help.',
        '# TYPE a gauge',
        'a{room="cellar",rack="1"} 20.5',
        'a{room="attic",rack="2"} -1e-9',
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
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e21];
    const text = writeExposition([
      gauge(
        'a',
        values.map((value) => ({ labels: {}, value })),
      ),
    ]);
    expect(text.split('\n').slice(2, 6)).toEqual(['a NaN', 'a +Inf', 'a -Inf', 'a 1e+21']);
  });

  it('writes the parts of a histogram under their own names', () => {
    const family: MetricFamily = {
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

  it('leaves out a family without samples', () => {
    expect(writeExposition([gauge('a', [])])).toBe('');
  });

  it('refuses names that the format does not know', () => {
    expect(() => writeExposition([gauge('a-b', [{ labels: {}, value: 1 }])])).toThrow(RangeError);
    expect(() => writeExposition([gauge('a', [{ labels: { 'b-c': 'x' }, value: 1 }])])).toThrow(RangeError);
  });

  it('can be read back, whatever stands in the labels', () => {
    const labels = fc.dictionary(
      fc.stringMatching(/^[a-z]{1,8}$/),
      fc.string({ unit: 'grapheme', minLength: 1 }),
    );
    fc.assert(
      fc.property(labels, fc.double({ noNaN: true }), fc.string(), (found, value, help) => {
        const [family] = readExposition(
          writeExposition([gauge('a', [{ labels: found, value }], help.trim())]),
        );
        expect(family?.help).toBe(help.trim());
        expect(family?.samples).toEqual([
          { name: 'a', labels: { ...found }, value: value === 0 ? 0 : value },
        ]);
      }),
    );
  });
});
