import type { AlertState } from '@labkeeper/core';
import type { JournalRow } from '../journal/journal.js';
import type { OutboxChange } from '../outbox/outbox-change.js';
import type { KeptAlert } from './kept-alert.js';

/** What becomes of one alert, planned: written in one transaction, then published. */
export interface AlertChangePlan {
  readonly kept: KeptAlert;
  readonly from: AlertState | 'none';
  /** One sentence; also the reason in the event. */
  readonly reason: string;
  readonly journal: readonly Omit<JournalRow, 'atMs'>[];
  readonly outbox?: OutboxChange;
  /** Not worth an event: nothing that people see has changed. */
  readonly isSilent?: boolean;
}
