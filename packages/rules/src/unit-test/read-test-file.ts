import type { Node } from 'yaml';
import { FieldReader, withoutPlaces } from '../files/field-reader.js';
import type { Entries, YamlText } from '../files/yaml-text.js';
import type {
  AlertCase,
  ExpectedSample,
  ExpressionCase,
  InputSeries,
  RuleTest,
  TestFile,
} from './test-file.js';

const DEFAULT_INTERVAL_MS = 60_000;
const FILE_KEYS = ['rule_files', 'evaluation_interval', 'group_eval_order', 'fuzzy_compare', 'tests'];
const TEST_KEYS = [
  ...['interval', 'input_series', 'name', 'alert_rule_test', 'promql_expr_test'],
  ...['external_labels', 'external_url', 'start_timestamp'],
];
const SPECIAL_NUMBERS: Readonly<Record<string, number>> = { nan: Number.NaN, inf: Infinity };
const SECONDS = /^\d+(\.\d+)?$/;

/**
 * Reads a file of unit tests; what is wrong with it is found in the faults of `yaml`.
 * https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/
 */
export function readTestFile(yaml: YamlText): TestFile | undefined {
  if (!yaml.root || yaml.faults.length > 0) return undefined;
  return new TestFileReader(yaml).file(yaml.root);
}

class TestFileReader {
  readonly #fields: FieldReader;

  constructor(private readonly yaml: YamlText) {
    this.#fields = new FieldReader(yaml);
  }

  file(root: Node): TestFile {
    const entries = this.#entries(root, 'a file of tests', FILE_KEYS);
    const evaluationIntervalMs =
      this.#fields.durationMs(entries, 'evaluation_interval', {}) || DEFAULT_INTERVAL_MS;
    return {
      ruleFiles: this.#items(entries, 'rule_files').map((node) => this.#placedText(node, 'pattern')),
      evaluationIntervalMs,
      groupOrder: this.#groupOrder(entries),
      isFuzzy: this.#fields.text(entries, 'fuzzy_compare', {}) === 'true',
      tests: this.#items(entries, 'tests').map((node, index) =>
        this.#test(node, index, evaluationIntervalMs),
      ),
    };
  }

  #entries(node: Node, what: string, keys: readonly string[]): Entries {
    return this.#fields.entries(node, what, keys, {}) ?? new Map();
  }

  #items(entries: Entries, key: string): readonly Node[] {
    const entry = entries.get(key);
    return (entry && this.yaml.list(entry.value, `'${key}'`, {})) ?? [];
  }

  #line(node: Node): number {
    return this.yaml.place(node).line;
  }

  #placedText(node: Node, what: string) {
    return { pattern: this.yaml.scalar(node, what, {}) ?? '', line: this.#line(node) };
  }

  #groupOrder(entries: Entries): string[] {
    const names: string[] = [];
    for (const node of this.#items(entries, 'group_eval_order')) {
      const name = this.yaml.scalar(node, 'a group', {}) ?? '';
      if (names.includes(name))
        this.yaml.report(node, 'RULES_WRONG_VALUE', `group name repeated in evaluation order: ${name}`);
      names.push(name);
    }
    return names;
  }

  #test(node: Node, index: number, evaluationIntervalMs: number): RuleTest {
    const entries = this.#entries(node, 'a test', TEST_KEYS);
    return {
      name: this.#fields.text(entries, 'name', {}) || `test ${index + 1}`,
      line: this.#line(node),
      intervalMs: this.#fields.durationMs(entries, 'interval', {}) || evaluationIntervalMs,
      startMs: this.#startMs(entries),
      inputSeries: this.#items(entries, 'input_series').map((item) => this.#inputSeries(item)),
      alertCases: this.#items(entries, 'alert_rule_test').map((item) => this.#alertCase(item)),
      expressionCases: this.#items(entries, 'promql_expr_test').map((item) => this.#expressionCase(item)),
      externalLabels: withoutPlaces(this.#fields.texts(entries, 'external_labels', {})),
      externalUrl: this.#fields.text(entries, 'external_url', {}) ?? '',
    };
  }

  /** Seconds since the epoch, or a date with time as in RFC 3339. */
  #startMs(entries: Entries): number {
    const text = this.#fields.text(entries, 'start_timestamp', {});
    if (text === undefined || text === '') return 0;
    const ms = SECONDS.test(text) ? Math.round(Number(text) * 1000) : Date.parse(text);
    if (!Number.isNaN(ms)) return ms;
    const at = entries.get('start_timestamp')?.value ?? 0;
    this.yaml.report(
      at,
      'RULES_WRONG_VALUE',
      `'${text}' is neither seconds nor a time such as 2024-01-01T00:00:00Z`,
    );
    return 0;
  }

  #inputSeries(node: Node): InputSeries {
    const entries = this.#entries(node, 'an input series', ['series', 'values']);
    const nodeAt = (key: string) => entries.get(key)?.value ?? node;
    return {
      series: this.#fields.text(entries, 'series', {}) ?? '',
      values: this.#fields.text(entries, 'values', {}) ?? '',
      seriesNode: nodeAt('series'),
      valuesNode: nodeAt('values'),
    };
  }

  #alertCase(node: Node): AlertCase {
    const entries = this.#entries(node, 'an alert test', ['eval_time', 'alertname', 'exp_alerts']);
    const alertname = this.#fields.text(entries, 'alertname', {}) ?? '';
    if (alertname === '')
      this.yaml.report(
        node,
        'RULES_MISSING',
        'an item under alert_rule_test misses required attribute alertname',
      );
    const expected = this.#items(entries, 'exp_alerts').map((item) => {
      const fields = this.#entries(item, 'an expected alert', ['exp_labels', 'exp_annotations']);
      const labels = withoutPlaces(this.#fields.texts(fields, 'exp_labels', {}));
      return { labels, annotations: withoutPlaces(this.#fields.texts(fields, 'exp_annotations', {})) };
    });
    return { line: this.#line(node), evalTimeMs: this.#evalTimeMs(entries), alertname, expected };
  }

  #expressionCase(node: Node): ExpressionCase {
    const entries = this.#entries(node, 'an expression test', ['expr', 'eval_time', 'exp_samples']);
    return {
      line: this.#line(node),
      evalTimeMs: this.#evalTimeMs(entries),
      expression: this.#fields.text(entries, 'expr', {}) ?? '',
      expected: this.#items(entries, 'exp_samples').map((item) => this.#expectedSample(item)),
    };
  }

  #evalTimeMs(entries: Entries): number {
    return this.#fields.durationMs(entries, 'eval_time', {}) ?? 0;
  }

  #expectedSample(node: Node): ExpectedSample {
    const entries = this.#entries(node, 'an expected sample', ['labels', 'value', 'histogram']);
    return {
      labels: this.#fields.text(entries, 'labels', {}) ?? '',
      value: this.#number(entries, 'value'),
      isHistogram: (this.#fields.text(entries, 'histogram', {}) ?? '') !== '',
    };
  }

  #number(entries: Entries, key: string): number {
    const text = this.#fields.text(entries, key, {}) ?? '0';
    const [, sign, size = ''] = /^([+-]?)\.?(nan|inf|.*)$/is.exec(text) ?? [];
    const special = SPECIAL_NUMBERS[size.toLowerCase()];
    if (special !== undefined) return sign === '-' ? -special : special;
    const value = text === '' ? Number.NaN : Number(text);
    if (Number.isNaN(value))
      this.yaml.report(
        entries.get(key)?.value ?? 0,
        'RULES_WRONG_TYPE',
        `'${key}' must be a number, not '${text}'`,
      );
    return value;
  }
}
