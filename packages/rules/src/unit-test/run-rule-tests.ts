import { dirname } from 'node:path';
import { readRuleFile } from '../files/read-rule-file.js';
import type { RuleGroup } from '../files/rule.js';
import type { RuleFault } from '../files/rule-fault.js';
import { YamlText } from '../files/yaml-text.js';
import { findFiles, type RuleTestFiles } from './find-files.js';
import { inputSamples } from './input-samples.js';
import { readTestFile } from './read-test-file.js';
import { type CaseOutcome, TestRun } from './run-test.js';
import type { TestFile } from './test-file.js';

/** A case that did not come out as expected, or was not tried. */
export interface RuleTestMessage {
  /** Name of the test. */
  readonly test: string;
  /** Of the case in the file of tests. */
  readonly line: number;
  /** For failures with what was expected and what came. */
  readonly message: string;
}

export interface RuleTestResult {
  readonly file: string;
  /** Cases (`alert_rule_test` and `promql_expr_test`) that came out as expected. */
  readonly passed: number;
  readonly failed: readonly RuleTestMessage[];
  /** Cases about native histograms. */
  readonly skipped: readonly RuleTestMessage[];
  /** Why nothing could be run at all: faults of the file, of its series, of its rule files. */
  readonly faults: readonly RuleFault[];
  /** Entries of `rule_files` that no file meets. */
  readonly warnings: readonly RuleFault[];
}

/**
 * Runs a file of unit tests for rules in promtool's format. Rejects only when `file` itself cannot be read.
 * Called by the command line, once per file. https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/
 */
export async function runRuleTests(file: string, files: RuleTestFiles): Promise<RuleTestResult> {
  const yaml = new YamlText(file, await files.readFile(file));
  const testFile = readTestFile(yaml);
  const groups = testFile ? await readGroups(yaml, testFile, files) : [];
  const inputs = (testFile?.tests ?? []).map((test) => ({ test, input: inputSamples(yaml, test) }));
  const result = { file, passed: 0, failed: [], skipped: [], faults: yaml.faults, warnings: yaml.warnings };
  if (!testFile || yaml.faults.length > 0) return result;
  const ordered = inOrder(groups, testFile.groupOrder);
  const outcomes: TestOutcome[] = [];
  for (const { test, input } of inputs) {
    const cases = await new TestRun(test, { groups: ordered, input, file: testFile }).run();
    outcomes.push(...cases.map((outcome) => ({ ...outcome, test: test.name })));
  }
  const failed = outcomes.flatMap(({ test, line, failure }) =>
    failure ? [{ test, line, message: failure }] : [],
  );
  const skipped = outcomes.flatMap(({ test, line, skipped: why }) =>
    why ? [{ test, line, message: why }] : [],
  );
  return { ...result, passed: outcomes.length - failed.length - skipped.length, failed, skipped };
}

type TestOutcome = CaseOutcome & { readonly test: string };

async function readGroups(
  yaml: YamlText,
  { ruleFiles }: TestFile,
  files: RuleTestFiles,
): Promise<RuleGroup[]> {
  const groups: RuleGroup[] = [];
  for (const { pattern, line } of ruleFiles) {
    const paths = await findFiles(pattern, dirname(yaml.file), files);
    if (paths.length === 0) yaml.warn({ line, column: 1 }, 'RULES_MISSING', `no file matches '${pattern}'`);
    for (const path of paths) groups.push(...(await readGroupsOf(yaml, path, line, files)));
  }
  return groups;
}

async function readGroupsOf(
  yaml: YamlText,
  path: string,
  line: number,
  files: RuleTestFiles,
): Promise<readonly RuleGroup[]> {
  let text: string;
  try {
    text = await files.readFile(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    yaml.warn({ line, column: 1 }, 'RULES_MISSING', `'${path}' cannot be read: ${reason}`);
    return [];
  }
  const { groups, faults } = readRuleFile(text, path);
  yaml.faults.push(...faults);
  return groups;
}

/** Groups that `group_eval_order` does not name stand with its first one, in the order of their files, as in promtool. */
function inOrder(groups: readonly RuleGroup[], order: readonly string[]): RuleGroup[] {
  const place = ({ name }: RuleGroup) => Math.max(0, order.indexOf(name));
  return [...groups].sort((a, b) => place(a) - place(b));
}
