import { type EntityId, type Labels, splitEntityId } from '@labkeeper/core';

/** The labels that say where samples come from: `job`, `instance`, for a check its id, and what the file adds. */
export function ownLabels({
  job,
  entity,
  check,
  labels,
}: {
  readonly job: string;
  readonly entity?: EntityId;
  readonly check?: string;
  readonly labels: Labels;
}): Labels {
  return {
    job,
    ...(entity === undefined ? {} : { instance: splitEntityId(entity).name }),
    ...(check === undefined ? {} : { check }),
    ...labels,
  };
}
