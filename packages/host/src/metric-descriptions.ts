import type { MetricDescription } from '@labkeeper/core';
import type { Engine, Plan } from '@labkeeper/engine';

/** What every metric means that the running plugins may report, and Labkeeper's own ones. */
export function metricDescriptions(
  { collectors, checks }: Plan,
  engine: Pick<Engine, 'metrics'>,
): readonly MetricDescription[] {
  const ofCollectors = collectors.flatMap(({ collector }) => collector.metrics);
  const ofChecks = checks.flatMap(({ check }) => check.metrics);
  const own = engine.metrics().map(({ name, help, type }) => ({ name, help, type }));
  return [...ofCollectors, ...ofChecks, ...own];
}
