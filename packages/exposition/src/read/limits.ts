import type { Labels } from '@labkeeper/core';

/** How much of each is taken; without a number, as much as comes. */
export interface LabelLimits {
  /** Labels of one series, its name not counted. */
  readonly labels?: number | undefined;
  /** Characters (UTF-16 units) of the name of a label. */
  readonly labelNameLength?: number | undefined;
  /** Characters (UTF-16 units) of the value of a label. */
  readonly labelValueLength?: number | undefined;
}

/** Bounds for a whole text. */
export interface ExpositionLimits extends LabelLimits {
  readonly bytes?: number | undefined;
  readonly samples?: number | undefined;
}

/** A sentence about the first limit that these labels exceed; undefined when they keep all. Once per new series. */
export function exceededLabelLimit(
  labels: Labels,
  {
    labels: most = Number.POSITIVE_INFINITY,
    labelNameLength = Number.POSITIVE_INFINITY,
    labelValueLength = Number.POSITIVE_INFINITY,
  }: LabelLimits,
): string | undefined {
  const entries = Object.entries(labels);
  if (entries.length > most) return `a series has ${entries.length} labels, allowed are ${most}`;
  for (const [name, value] of entries) {
    if (name.length > labelNameLength)
      return `the name of a label has ${name.length} characters, allowed are ${labelNameLength}`;
    if (value.length > labelValueLength)
      return `the value of the label '${name}' has ${value.length} characters, allowed are ${labelValueLength}`;
  }
  return undefined;
}
