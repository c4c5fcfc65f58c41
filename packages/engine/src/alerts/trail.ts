import type { Actor, Alert } from '@labkeeper/core';
import type { JournalEntry } from '../journal/journal.js';

/** What every journal row about an alert says of it. */
export function aboutAlert({
  id,
  entity,
  labels,
}: Alert): Pick<JournalEntry, 'alertId' | 'entity' | 'check'> {
  return {
    alertId: id,
    ...(entity === undefined ? {} : { entity }),
    ...(labels.check === undefined ? {} : { check: labels.check }),
  };
}

/** Who did it, where somebody did. */
export function byActor(actor: Actor | undefined): Pick<JournalEntry, 'actor'> {
  return actor ? { actor } : {};
}
