/**
 * `openmetrics`: OpenMetrics 1.0; timestamps in seconds, exemplars behind them, `# EOF` at the end.
 * `prometheus-text`: the older text format of Prometheus (version 0.0.4); timestamps in milliseconds.
 * Sources: the OpenMetrics specification 1.0, and "Exposition formats" in the documentation of Prometheus.
 */
export type TextFormat = 'openmetrics' | 'prometheus-text';

/** What is exposed instead of a text's end in OpenMetrics: without it the text was cut off. */
export const END_MARK = '# EOF';
