import { type Fault, isLabelName } from '@labkeeper/core';

/** Labels that a person may not give: names that no store takes, and those that begin with `__`, which Prometheus keeps for itself. */
export function labelFaults({
  labels = {},
}: {
  readonly labels?: Readonly<Record<string, string>>;
}): Fault[] {
  return Object.keys(labels)
    .filter((name) => !isLabelName(name) || name.startsWith('__'))
    .map((name) => ({
      code: 'CONFIG_UNKNOWN_KEY',
      path: ['labels', name],
      message: `'${name}' is no name of a label`,
      found: name,
      allowed: 'letters, digits and _; not a digit at the beginning, and not __',
    }));
}
