import { describe, expect, it } from 'vitest';
import { parseExposition, quantileBetween } from './exposition.js';

const before = parseExposition(
  '# HELP x y\nx_bucket{le="0.01"} 10\nx_bucket{le="0.02"} 10\nx_bucket{le="+Inf"} 10\nruns{kind="a"} 1\n',
);
const after = parseExposition(
  'x_bucket{le="0.01"} 60\nx_bucket{le="0.02"} 110\nx_bucket{le="+Inf"} 110\nruns{kind="a"} 3\nruns{kind="b, \\"c\\""} 4\n',
);

describe('reading /metrics', () => {
  it('knows names, labels and values', () => {
    expect(after.slice(-2)).toEqual([
      { name: 'runs', labels: { kind: 'a' }, value: 3 },
      { name: 'runs', labels: { kind: 'b, \\"c\\"' }, value: 4 },
    ]);
  });

  it('gives quantiles of what was counted in between', () => {
    expect(quantileBetween({ before, after }, 'x', 0.25)).toBeCloseTo(0.005);
    expect(quantileBetween({ before, after }, 'x', 0.75)).toBeCloseTo(0.015);
    expect(quantileBetween({ before: after, after }, 'x', 0.5)).toBeNaN();
  });
});
