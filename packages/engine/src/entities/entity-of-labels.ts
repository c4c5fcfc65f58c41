import { type EntityId, isEntityId, type Labels } from '@labkeeper/core';

/** `nas:9100` and `[fd00::1]:9100`: what stands before the port is the machine. */
const PORT = /:\d+$/;

/**
 * The entity that an alert from outside is about: the label `entity` where it is one, else the server that `instance` names, if there is
 * one of that name. Called for every alert of a rule, and for every one that is pushed in.
 */
export function entityOfLabels(labels: Labels, isKnown: (id: EntityId) => boolean): EntityId | undefined {
  const named = Object.hasOwn(labels, 'entity') ? labels.entity : undefined;
  if (named !== undefined && isEntityId(named)) return named;
  const instance = Object.hasOwn(labels, 'instance') ? (labels.instance ?? '') : '';
  const candidates = [instance, instance.replace(PORT, '')].map((name): EntityId => `server:${name}`);
  return candidates.find((id) => isEntityId(id) && isKnown(id));
}
