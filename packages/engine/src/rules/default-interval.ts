/** Prometheus' default of `evaluation_interval`. Alerting rules do not wait for it: they are evaluated when a sample of theirs arrives. */
export const DEFAULT_INTERVAL_MS = 60_000;
