import { isLabelName, isMetricName, type Labels } from '@labkeeper/core';
import { END_MARK, type TextFormat } from '../text-format.js';
import { escapedHelp, escapedLabel, secondsText, seriesText, valueText } from './sample-text.js';

/** One line of a family. */
export interface ExposedSample {
  readonly labels: Labels;
  readonly value: number;
  /** Behind the family's name: `_bucket`, `_sum` and `_count` of a histogram. */
  readonly suffix?: string;
  /** Leave it out for what is so now. */
  readonly timeMs?: number;
}

/** All lines of one metric, with what it means. */
export interface ExposedFamily {
  /** As the samples have it: of a counter with `_total`. */
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary' | 'unknown';
  readonly unit?: string;
  readonly samples: readonly ExposedSample[];
}

/**
 * Families as text, in the order of their names, so that two scrapes can be compared by eye. Throws a RangeError for a
 * name outside the classic alphabet: that is a fault of the caller. Called once per scrape.
 */
export function writeExposition(
  families: readonly ExposedFamily[],
  format: TextFormat = 'prometheus-text',
): string {
  const text = [...families]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((family) => writeFamily(family, format))
    .join('');
  return format === 'openmetrics' ? `${text}${END_MARK}\n` : text;
}

function writeFamily(family: ExposedFamily, format: TextFormat): string {
  const { name, samples } = family;
  if (!isMetricName(name)) throw new RangeError(`'${name}' is not a metric name`);
  // A family without samples says nothing; its head alone would only be noise.
  if (samples.length === 0) return '';
  const head = format === 'openmetrics' ? openMetricsHead(family) : olderHead(family);
  return head + samples.map((sample) => writeSample(name, sample, format)).join('');
}

function olderHead({ name, help, type }: ExposedFamily): string {
  return `# HELP ${name} ${escapedHelp(help)}\n# TYPE ${name} ${type === 'unknown' ? 'untyped' : type}\n`;
}

/** In OpenMetrics a counter's family lacks the `_total` of its samples; without one it is no counter there. */
function openMetricsHead({ name, help, type, unit }: ExposedFamily): string {
  const family = type === 'counter' ? name.replace(/_total$/, '') : name;
  const shown = type === 'counter' && family === name ? 'unknown' : type;
  const unitLine = unit && family.endsWith(`_${unit}`) ? `# UNIT ${family} ${unit}\n` : '';
  return `# TYPE ${family} ${shown}\n${unitLine}# HELP ${family} ${escapedLabel(help)}\n`;
}

function writeSample(
  name: string,
  { labels, value, suffix = '', timeMs }: ExposedSample,
  format: TextFormat,
): string {
  for (const label of Object.keys(labels))
    if (!isLabelName(label)) throw new RangeError(`'${label}' is not a label name`);
  const time = timeMs === undefined ? '' : ` ${format === 'openmetrics' ? secondsText(timeMs) : timeMs}`;
  return `${seriesText(name + suffix, labels)} ${valueText(value)}${time}\n`;
}
