import { describe, expect, it } from 'vitest';
import { fillParameters } from '../index.js';

describe('the parameters of a rule pack', () => {
  it('stand in the places that ask for them, and templates stay', () => {
    const text = 'expr: disk > {{param "full"}}\nfor: {{ param "minutes" }}m\nsummary: {{ $value }}';
    expect(fillParameters(text, { full: 0.9, minutes: 5 }, 'p')).toEqual({
      text: 'expr: disk > 0.9\nfor: 5m\nsummary: {{ $value }}',
      faults: [],
    });
  });

  it('must all be known and used', () => {
    const { faults } = fillParameters('a\n  {{param "ful"}}', { full: 1 }, 'p');
    expect(faults).toEqual([
      { file: 'p', line: 2, column: 3, code: 'RULES_PARAMETER', message: "no parameter 'ful'" },
      {
        file: 'p',
        line: 1,
        column: 1,
        code: 'RULES_PARAMETER',
        message: "the parameter 'full' is used nowhere",
      },
    ]);
  });

  it('are not found on every object', () => {
    expect(fillParameters('{{param "constructor"}}', {}, 'p').faults).toHaveLength(1);
  });
});
