import { writeFileSync } from 'node:fs';
import { ERROR_TABLE } from '@labkeeper/core';
import { createRedactor } from '@labkeeper/core/runtime';
import { loadTestcases } from '@labkeeper/testkit';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../fixtures/read-config.js';
import { printFaults } from './print-faults.js';

const testcases = loadTestcases(import.meta.url);

/** What a person would see: faults, then warnings. Absolute paths of this checkout are cut, for they differ everywhere. */
async function printed(testcase: (typeof testcases)[number]): Promise<string> {
  const env = testcase.has('env.json')
    ? (JSON.parse(testcase.read('env.json')) as Record<string, string>)
    : {};
  const redactor = createRedactor();
  const { faults, warnings, source } = await readConfig({
    file: testcase.path('labkeeper.yaml'),
    env,
    redactor,
  });
  const style = { color: 'off' as const, redact: redactor.redact, ...(source ? { lines: source } : {}) };
  const parts = [
    printFaults(faults, style),
    ...(warnings.length > 0 ? ['warnings:', printFaults(warnings, style)] : []),
  ];
  return parts.join('\n').replaceAll(`${testcase.directory}/`, '').replaceAll(`${testcase.directory}`, '.');
}

describe('a configuration with faults', () => {
  for (const testcase of testcases) {
    it(`says so: ${testcase.name}`, async () => {
      const actual = await printed(testcase);
      if (process.env.UPDATE_EXPECTED) writeFileSync(testcase.path('expected.txt'), actual);
      expect(actual).toBe(testcase.read('expected.txt'));
    });
  }

  it('has a case for every code that a configuration can give', () => {
    const all = testcases.map((testcase) => testcase.read('expected.txt')).join('\n');
    const codes = Object.keys(ERROR_TABLE).filter((code) => /^(?:CONFIG|PLUGIN)_/.test(code));
    expect(codes.filter((code) => !all.includes(code))).toEqual([]);
  });
});
