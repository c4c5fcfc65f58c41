import { METRIC_NAME_LABEL, type Sample, STALENESS_MARK } from '@labkeeper/core';
import { PromqlError, parseSeriesNotation, parseValuesNotation } from '@labkeeper/promql';
import { isAlias, type Node } from 'yaml';
import { placeInScalar } from '../files/scalar-place.js';
import type { YamlText } from '../files/yaml-text.js';
import type { RuleTest } from './test-file.js';

/** The input of a test as samples in ascending time. A series that cannot be read becomes a fault. */
export function inputSamples(yaml: YamlText, { inputSeries, startMs, intervalMs }: RuleTest): Sample[] {
  const samples: Sample[] = [];
  for (const { series, values, seriesNode, valuesNode } of inputSeries) {
    const noted = reading(yaml, seriesNode, () => parseSeriesNotation(series));
    const column = reading(yaml, valuesNode, () => parseValuesNotation(values)) ?? [];
    if (!noted) continue;
    const { [METRIC_NAME_LABEL]: name = '', ...labels } = noted.labels;
    for (const [index, value] of column.entries()) {
      const timeMs = startMs + index * intervalMs;
      if (value === 'stale') samples.push({ name, labels, timeMs, value: STALENESS_MARK });
      // Native histograms are not kept: tests that ask for them are skipped.
      else if (typeof value === 'number') samples.push({ name, labels, timeMs, value });
    }
  }
  return samples.sort((a, b) => (a.timeMs ?? 0) - (b.timeMs ?? 0));
}

function reading<Result>(yaml: YamlText, node: Node, parse: () => Result): Result | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof PromqlError)) throw error;
    const at = isAlias(node) ? node : placeInScalar(yaml.text, node, error.place?.start ?? 0);
    yaml.report(at, 'RULES_EXPRESSION', error.message);
    return undefined;
  }
}
