import { expect, it } from 'vitest';
import { ofCompact, ofText, outcomeText } from './import-outcome.js';

const ALL_KEPT = { samples: 3, kept: 3, conflicting: 0, tooOld: 0, isComplete: true };

it('says in one line that everything was kept', () => {
  const text = outcomeText('openmetrics', ofText({ ...ALL_KEPT, faulty: 0, faults: [] }));
  expect(text).toBe('3 samples read as openmetrics: 3 kept, 0 known already.\n');
});

it('tells the places of the first faulty lines, and what was refused', () => {
  const fault = { line: 7, column: 3, found: 'x"', says: 'the value is missing' };
  const report = { samples: 1_500, kept: 1_000, conflicting: 1, tooOld: 0, isComplete: false };
  expect(outcomeText('openmetrics', ofText({ ...report, faulty: 2, faults: [fault] }))).toBe(
    [
      '1,500 samples read as openmetrics: 1,000 kept, 499 known already.',
      '1 sample refused: another value is there for that time.',
      '2 faulty lines skipped.',
      '  7:3  the value is missing: "x\\""',
      '  …',
      'The file is not complete: it was cut off or damaged.',
      '',
    ].join('\n'),
  );
});

it('tells the bytes at which a compact file is damaged', () => {
  const outcome = ofCompact({ ...ALL_KEPT, damaged: 1, faults: [{ offset: 6, says: 'garbled' }] });
  expect(outcomeText('compact', outcome)).toContain('1 faulty frame skipped.\n  byte 6  garbled\n');
});
