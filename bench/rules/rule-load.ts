import type { Series } from '@labkeeper/core';

/**
 * The load of the bench: so many alerting rules, each over ten series of its own. They are evaluated every second, because what one evaluation
 * costs is seen better when there are many of them.
 */
export const RULES = 1_000;
export const SERIES_PER_RULE = 10;
export const EVERY_SECONDS = 1;
const GROUPS = 10;

/** `load{unit="7", place="3"}`: every rule has a unit of its own. */
export function loadSeries(): readonly Series[] {
  return Array.from({ length: RULES * SERIES_PER_RULE }, (_, index) => ({
    name: 'load',
    labels: { unit: String(Math.floor(index / SERIES_PER_RULE)), place: String(index % SERIES_PER_RULE) },
  }));
}

/** A rule file for us and for Prometheus alike. No alert fires: that is what rules do nearly always. */
export function ruleFile(): string {
  const groups = Array.from({ length: GROUPS }, (_, group) => {
    const rules = Array.from({ length: RULES / GROUPS }, (_, rule) => {
      const unit = group * (RULES / GROUPS) + rule;
      return `      - { alert: Load${unit}, expr: 'load{unit="${unit}"} > 1000', for: 1m }`;
    });
    return `  - name: group${group}\n    interval: ${EVERY_SECONDS}s\n    rules:\n${rules.join('\n')}`;
  });
  return `groups:\n${groups.join('\n')}\n`;
}
