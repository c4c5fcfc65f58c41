import { describe, expect, it } from 'vitest';
import { type BenchReport, flatFigures, formatFigure, formatReport } from './report.js';

const report: BenchReport = {
  title: 'Checks',
  figures: [
    {
      key: 'cpu_ms_per_check',
      label: 'CPU per check',
      value: 0.25,
      unit: 'ms',
      must: { atMost: 1 },
      references: [{ name: 'another', value: 5 }],
    },
    { key: 'checks_per_second', label: 'checks', value: 1200, unit: '1/s', must: { atLeast: 2500 } },
  ],
  notes: ['Measured on one machine.'],
};

describe('a bench report', () => {
  it('shows each figure with its bound and how many times ours the others are', () => {
    expect(formatReport(report).split('\n')).toEqual([
      'Checks',
      '',
      'figure         value  unit  must           others (times ours)',
      'CPU per check  0.250  ms    ≤ 1.00 ok      another 5.00 (20.0×)',
      'checks          1200  1/s   ≥ 2500 MISSED',
      '',
      'Measured on one machine.',
    ]);
  });

  it('is flat as JSON', () => {
    expect(flatFigures(report)).toEqual({ cpu_ms_per_check: 0.25, checks_per_second: 1200 });
  });

  it.each([
    [1234567, '1234567'],
    [12.345, '12.3'],
    [0.04567, '0.0457'],
    [0, '0'],
    [-3.25149, '-3.25'],
  ])('writes %d as %s', (value, text) => {
    expect(formatFigure(value)).toBe(text);
  });
});
