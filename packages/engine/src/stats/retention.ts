import type { Clock, TaskDefinition } from '@labkeeper/core';
import type { AlertStore } from '../alerts/alert-store.js';
import type { SilenceBook } from '../alerts/suppression/silence-book.js';
import type { Journal } from '../journal/journal.js';
import type { Outbox } from '../outbox/outbox.js';

const DAY_MS = 86_400_000;
/** How long records are kept (R-OP1). What is older disappears with the next clean-up; audit rows stay for ever. Samples have their own rules, in the store. */
export const KEPT_MS = {
  alerts: 90 * DAY_MS,
  journal: 90 * DAY_MS,
  deadLetters: 90 * DAY_MS,
} as const;
/** Every hour removes an hour's worth: a night's clean-up of a whole day would hold up a small machine for minutes. */
const EVERY_MS = 3_600_000;
const TIMEOUT_MS = 300_000;

interface RetentionParts {
  readonly clock: Clock;
  readonly alerts: AlertStore;
  readonly silences: SilenceBook;
  readonly journal: Journal;
  readonly outbox: Outbox;
}

/** The clean-up as a task. Each part goes on when another one fails; the first failure is the task's. */
export function retentionTask({ clock, alerts, silences, journal, outbox }: RetentionParts): TaskDefinition {
  const run = async (): Promise<void> => {
    const nowMs = Math.round(clock.now());
    const results = await Promise.allSettled([
      alerts.prune(nowMs - KEPT_MS.alerts),
      journal.prune(nowMs - KEPT_MS.journal),
      outbox.prune(nowMs - KEPT_MS.deadLetters),
      silences.prune(),
    ]);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  };
  return {
    id: 'labkeeper/retention',
    plugin: 'labkeeper',
    trigger: { kind: 'interval', everyMs: EVERY_MS },
    timeoutMs: TIMEOUT_MS,
    run,
  };
}
