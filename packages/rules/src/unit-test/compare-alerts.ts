import { type Labels, labelsKey } from '@labkeeper/core';

export interface ShownAlert {
  readonly labels: Labels;
  readonly annotations: Labels;
}

/** In an order of their own, so that two lists of the same alerts are equal. */
export function sortedAlerts(alerts: readonly ShownAlert[]): ShownAlert[] {
  return [...alerts].sort((a, b) => (identity(a) < identity(b) ? -1 : 1));
}

/** Both in the order of {@link sortedAlerts}. */
export function areSameAlerts(expected: readonly ShownAlert[], got: readonly ShownAlert[]): boolean {
  return (
    expected.length === got.length &&
    expected.every((alert, index) => identity(alert) === identity(got[index]))
  );
}

function identity(alert: ShownAlert | undefined): string {
  return alert ? JSON.stringify([labelsKey(alert.labels), labelsKey(alert.annotations)]) : '';
}
