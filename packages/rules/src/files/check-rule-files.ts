import type { ParseOptions } from '@labkeeper/promql';
import { readRuleFile } from './read-rule-file.js';
import type { RuleFault } from './rule-fault.js';

export interface RuleCheck {
  /** Rules that stand in the files, those with faults included. */
  readonly rules: number;
  readonly files: number;
  /** Rules with a fault; a fault outside of every rule (no YAML, a group without a name) counts as one. */
  readonly faulty: number;
  readonly faults: readonly RuleFault[];
  /** What Prometheus accepts and people should know. */
  readonly warnings: readonly RuleFault[];
}

/** Reads all files and adds up what is found. Throws nothing for what stands in them. */
export function checkRuleFiles(
  files: readonly { readonly file: string; readonly text: string }[],
  parse: ParseOptions = {},
): RuleCheck {
  const readings = files.map(({ file, text }) => readRuleFile(text, file, parse));
  const faults = readings.flatMap((reading) => reading.faults);
  return {
    rules: readings.reduce((sum, { ruleCount }) => sum + ruleCount, 0),
    files: files.length,
    faulty: new Set(faults.map(faultyPlace)).size,
    faults,
    warnings: readings.flatMap(({ warnings }) => warnings),
  };
}

function faultyPlace({ file, group, rule, line, column }: RuleFault): string {
  return JSON.stringify(rule === undefined ? [file, line, column] : [file, group, rule]);
}
