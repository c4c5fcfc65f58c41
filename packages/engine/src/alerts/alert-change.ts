import type { AlertState, Silence } from '@labkeeper/core';
import type { JournalEntry } from '../journal/journal.js';
import type { OutboxChange } from '../outbox/outbox-change.js';
import type { KeptAlert } from './kept-alert.js';
import type { TellingGroup } from './telling/telling-group.js';

/** What becomes of one alert, planned: written in one transaction, then published. */
export interface AlertChangePlan {
  readonly kept: KeptAlert;
  readonly from: AlertState | 'none';
  /** One sentence; also the reason in the event. */
  readonly reason: string;
  readonly journal: readonly JournalEntry[];
  readonly outbox?: OutboxChange;
  /** Groups that have something to tell from now on. */
  readonly groups?: readonly TellingGroup[];
  /** Silences that end with the alert. */
  readonly silences?: readonly Silence[];
  /** Not worth an event: nothing that people see has changed. */
  readonly isSilent?: boolean;
}
