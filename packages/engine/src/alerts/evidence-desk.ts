import { type Alert, type Clock, describeError, type Evidence, type Logger } from '@labkeeper/core';
import type { Redactor } from '@labkeeper/core/runtime';
import { settleWithin } from '../instances/settle-within.js';
import type { JournalEntry } from '../journal/journal.js';
import type { AlertStore } from './alert-store.js';
import type { AlertWriter } from './alert-writer.js';
import { isOfRule } from './signals/source-keys.js';
import { aboutAlert } from './trail.js';
import type { Turns } from './turns.js';

/** Evidence is of the moment; whoever cannot answer by then has nothing to say of it. */
const TIME_LIMIT_MS = 5_000;

/** Annotations that name what is looked up when an alert begins to fire. */
export const EVIDENCE_ANNOTATIONS = ['evidence_query', 'evidence_collector'] as const;

/** Looks up what an alert's annotations ask for. `signal` aborts when nobody waits any longer. */
export type EvidenceSource = (alert: Alert, signal: AbortSignal) => Promise<readonly Evidence[]>;

interface EvidenceParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly redactor: Redactor;
  readonly store: AlertStore;
  readonly writer: AlertWriter;
  readonly turns: Turns;
  readonly source: EvidenceSource;
}

/** Keeps with an alert what the world looked like when it began. Nobody is told later because of it. */
export class EvidenceDesk {
  constructor(private readonly parts: EvidenceParts) {}

  /** Called when an alert has begun to fire, after that was written. Never rejects. */
  async look(alert: Alert): Promise<void> {
    if (!EVIDENCE_ANNOTATIONS.some((name) => Object.hasOwn(alert.annotations, name))) return;
    // Whoever may push alerts in may not run queries and collectors by that.
    if (!isOfRule(this.parts.store.kept(alert.id)?.source ?? '')) return;
    const { clock, log, redactor, source } = this.parts;
    const limit = new AbortController();
    const found = await settleWithin(clock, TIME_LIMIT_MS, () => source(alert, limit.signal));
    limit.abort();
    const evidence =
      found.outcome === 'done' ? (redactor.redactValue(found.value) as readonly Evidence[]) : [];
    const reason =
      found.outcome === 'done'
        ? `kept with it: ${evidence.map(({ name }) => name).join(', ') || 'nothing'}`
        : found.outcome === 'late'
          ? `what it asks for did not come within ${TIME_LIMIT_MS / 1_000} s`
          : `what it asks for could not be found: ${redactor.redact(describeError(found.error))}`;
    await this.#keep(alert, evidence, reason).catch((error: unknown) =>
      log.warn('evidence could not be written', { reason: describeError(error) }),
    );
  }

  #keep({ id }: Alert, evidence: readonly Evidence[], reason: string): Promise<void> {
    const { store, turns, writer } = this.parts;
    return turns.take(async () => {
      const kept = await store.find(id);
      if (!kept) return;
      const alert: Alert = evidence.length > 0 ? { ...kept.alert, evidence } : kept.alert;
      const row: JournalEntry = { ...aboutAlert(alert), kind: 'alert.evidence', reason };
      await writer.commit([{ kept: { ...kept, alert }, from: alert.state, reason, journal: [row] }]);
    });
  }
}
