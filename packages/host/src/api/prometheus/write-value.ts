import { secondsText, valueText as shortestText } from '@labkeeper/exposition';
import type { QueryValue, RangeSeries } from '@labkeeper/promql';

/** Go writes exponents with two digits at least. */
const SHORT_EXPONENT = /e([+-])(\d)$/;

/** A value as Prometheus' API writes it: the shortest text that gives the same double, `+Inf`, `-Inf`, `NaN`. */
export function valueText(value: number): string {
  const text = shortestText(value);
  return text.includes('e') ? text.replace(SHORT_EXPONENT, 'e$10$2') : text;
}

/** The value of a query as JSON: `{"resultType":…,"result":…}`. Called once for each answer. */
export function valueJson(value: QueryValue): string {
  return `{"resultType":"${value.type}","result":${resultJson(value)}}`;
}

function resultJson(value: QueryValue): string {
  switch (value.type) {
    case 'scalar':
      return `[${secondsText(value.timeMs)},"${valueText(value.value)}"]`;
    case 'string':
      return `[${secondsText(value.timeMs)},${JSON.stringify(value.value)}]`;
    case 'vector':
      return `[${value.values
        .map(
          (one) =>
            `{"metric":${JSON.stringify(one.labels)},"value":[${secondsText(one.timeMs)},"${valueText(one.value)}"]}`,
        )
        .join(',')}]`;
    case 'matrix':
      return `[${value.series.map(seriesJson).join(',')}]`;
  }
}

function seriesJson({ labels, timesMs, values }: RangeSeries): string {
  let points = '';
  for (let row = 0; row < timesMs.length; row++) {
    if (row > 0) points += ',';
    points += `[${secondsText(timesMs[row] as number)},"${valueText(values[row] as number)}"]`;
  }
  return `{"metric":${JSON.stringify(labels)},"values":[${points}]}`;
}
