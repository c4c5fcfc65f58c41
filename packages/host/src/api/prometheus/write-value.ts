import type { QueryValue, RangeSeries } from '@labkeeper/promql';

/** Go writes exponents with two digits at least. */
const SHORT_EXPONENT = /e([+-])(\d)$/;

/** A value as Prometheus writes it: the shortest text that gives the same double, `+Inf`, `-Inf`, `NaN`. */
export function valueText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  if (Object.is(value, -0)) return '-0';
  const text = String(value);
  return text.includes('e') ? text.replace(SHORT_EXPONENT, 'e$10$2') : text;
}

/** Seconds with as many digits of milliseconds as there are. */
export function timeText(timeMs: number): string {
  return String(timeMs / 1_000);
}

/** The value of a query as JSON: `{"resultType":…,"result":…}`. Called once for each answer. */
export function valueJson(value: QueryValue): string {
  return `{"resultType":"${value.type}","result":${resultJson(value)}}`;
}

function resultJson(value: QueryValue): string {
  switch (value.type) {
    case 'scalar':
      return `[${timeText(value.timeMs)},"${valueText(value.value)}"]`;
    case 'string':
      return `[${timeText(value.timeMs)},${JSON.stringify(value.value)}]`;
    case 'vector':
      return `[${value.values
        .map(
          (one) =>
            `{"metric":${JSON.stringify(one.labels)},"value":[${timeText(one.timeMs)},"${valueText(one.value)}"]}`,
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
    points += `[${timeText(timesMs[row] as number)},"${valueText(values[row] as number)}"]`;
  }
  return `{"metric":${JSON.stringify(labels)},"values":[${points}]}`;
}
