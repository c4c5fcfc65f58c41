import type {
  Acknowledgement,
  Actor,
  Alert,
  AlertState,
  Clock,
  EntityId,
  Notification,
} from '@labkeeper/core';
import type { JournalRow } from '../journal/journal.js';
import type { Outbox } from '../outbox/outbox.js';
import type { OutboxChange } from '../outbox/outbox-change.js';
import type { AlertChangePlan } from './alert-change.js';
import { type AlertMove, nextMove, resolved } from './alert-machine.js';
import type { AlertSignal } from './alert-signal.js';
import {
  acknowledgedMessage,
  type Ending,
  firingMessage,
  lateMessage,
  resolvedMessage,
  type WordingFacts,
} from './alert-wording.js';
import type { KeptAlert } from './kept-alert.js';

type Row = Omit<JournalRow, 'atMs'>;

interface PlannerParts {
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly nextId: () => string;
  /** The nearest entity that this one needs and that is down. */
  readonly downAncestorOf: (id: EntityId) => EntityId | undefined;
  readonly entityName: (id: EntityId) => string | undefined;
  readonly alertUrl: (alertId: string) => string | undefined;
}

/** What a source knows besides its signal. */
export interface SourceFacts {
  readonly source: string;
  /** How people are told that it is over. Asked only when it is. */
  readonly ending: () => Ending;
  /** False while what it depends on is being asked: nothing new is told before that. */
  readonly mayTell: boolean;
  /** Whether the signal rests on something measured after all it depends on was back. */
  readonly isFresh: boolean;
}

/**
 * Decides what becomes of an alert and who is told: the one place where acknowledgement and suppression meet the channels. Every
 * decision leaves its reason in the journal. Plans only; {@link AlertWriter} carries out.
 */
export class AlertPlanner {
  constructor(private readonly parts: PlannerParts) {}

  /** What a signal changes; nothing most of the time. */
  forSignal(
    kept: KeptAlert | undefined,
    signal: AlertSignal | undefined,
    facts: SourceFacts,
  ): readonly AlertChangePlan[] {
    const { nextId } = this.parts;
    const move = nextMove(kept, signal, { source: facts.source, nowMs: this.#nowMs, nextId });
    if (!move) return kept ? this.#released(kept, signal, facts) : [];
    if (move.kind === 'resolve') return [this.end(kept as KeptAlert, facts.ending())];
    if (move.kind === 'clear') return [silentChange(move.kept)];
    if (move.kind === 'change' && !move.isWorse) return [this.#milder(move.kept)];
    if (!facts.mayTell) return [];
    const begun = this.#begin(move, kept);
    // A worse trouble takes the place of one that somebody had closed by hand.
    return kept?.isClosedByHand ? [silentChange({ ...kept, isClosedByHand: false }), begun] : [begun];
  }

  /** Closes an alert and tells those who know of it. */
  end(kept: KeptAlert, ending: Ending, isClosedByHand = false): AlertChangePlan {
    const { alert } = kept;
    const facts = this.#wording(alert);
    const usual = resolvedMessage(alert, ending, facts);
    const late = lateMessage(alert, ending, facts);
    const outbox = kept.told.length > 0 ? this.parts.outbox.conclude(kept.told, { usual, late }) : undefined;
    const untold: Row = {
      ...about(alert),
      kind: 'notification.skipped',
      reason: 'nobody was told that it began, so nobody is told that it is over',
    };
    const reason = `${ending.title}: ${ending.reason}`;
    return {
      kept: { ...resolved(kept, this.#nowMs), isClosedByHand },
      from: 'firing',
      reason,
      journal: [
        { ...about(alert), ...by(ending.by), kind: 'alert.resolved', reason },
        ...(outbox ? [] : [untold]),
      ],
      ...(outbox ? { outbox } : {}),
    };
  }

  /** Puts somebody's name on an alert, and tells the channels that know of it. */
  acknowledge(kept: KeptAlert, acknowledgement: Acknowledgement): AlertChangePlan {
    const alert: Alert = { ...kept.alert, acknowledgement };
    const reason = `acknowledged by ${acknowledgement.by.name}: ${acknowledgement.reason}`;
    return {
      kept: { ...kept, alert, isQuiet: false },
      from: 'firing',
      reason,
      journal: [{ ...about(alert), ...by(acknowledgement.by), kind: 'alert.acknowledged', reason }],
      outbox: this.parts.outbox.continue(kept.told, acknowledgedMessage(alert, this.#wording(alert))),
    };
  }

  /** Takes an acknowledgement off an alert. With `again` the alert is told once more, because nobody looks after it now. */
  unacknowledge(
    kept: KeptAlert,
    reason: string,
    { actor, again }: { readonly actor?: Actor; readonly again: boolean },
  ): AlertChangePlan {
    const { acknowledgement: _, ...alert } = kept.alert;
    const row: Row = { ...about(alert), ...by(actor), kind: 'alert.unacknowledged', reason };
    const free: KeptAlert = { ...kept, alert, isQuiet: false };
    return again
      ? this.tell(free, 'firing', reason, [row])
      : { kept: free, from: 'firing', reason, journal: [row] };
  }

  /** Tells of an alert that is open, unless what it needs is down. */
  tell(kept: KeptAlert, from: AlertState | 'none', reason: string, journal: readonly Row[]): AlertChangePlan {
    const { suppression } = kept.alert;
    if (suppression) {
      const skip: Row = {
        ...about(kept.alert),
        kind: 'notification.skipped',
        reason: `nobody is told: ${suppression.by} is down`,
      };
      return { kept, from, reason, journal: [...journal, skip] };
    }
    const notification = firingMessage(kept.alert, this.#wording(kept.alert));
    const outbox = this.parts.outbox.begin(notification, kept.told);
    return { kept: this.#told(kept, outbox), from, reason, journal, outbox };
  }

  /** A new alert, one that fires again, or one that got worse. */
  #begin(
    move: Exclude<AlertMove, { kind: 'resolve' | 'clear' }>,
    before: KeptAlert | undefined,
  ): AlertChangePlan {
    const { alert } = move.kept;
    const kind =
      move.kind === 'fire' ? 'alert.firing' : move.kind === 'reopen' ? 'alert.reopened' : 'alert.changed';
    const reason = `${alert.title}: ${alert.message}`;
    const journal: Row[] = [{ ...about(alert), kind, reason }];
    const from = move.kind === 'fire' ? 'none' : (before?.alert.state ?? 'none');
    const kept = this.#suppressed(move.kept);
    if (kept !== move.kept)
      journal.push({
        ...about(alert),
        kind: 'alert.suppressed',
        reason: `${kept.alert.suppression?.by} is down`,
      });
    if (move.kind === 'reopen' && alert.acknowledgement && !kept.alert.suppression)
      return this.#quiet(kept, { from, reason, journal });
    return this.tell(kept, from, reason, journal);
  }

  /** Somebody knows already, and it may be a blip: it is told later, if it lasts. */
  #quiet(
    kept: KeptAlert,
    { from, reason, journal }: Pick<AlertChangePlan, 'from' | 'reason' | 'journal'>,
  ): AlertChangePlan {
    const known = `nobody is told for now: acknowledged by ${kept.alert.acknowledgement?.by.name}, and it may be a blip`;
    const skip: Row = { ...about(kept.alert), kind: 'notification.skipped', reason: known };
    return { kept: { ...kept, isQuiet: true }, from, reason, journal: [...journal, skip] };
  }

  /** It got better, but not well. */
  #milder(kept: KeptAlert): AlertChangePlan {
    const reason = `${kept.alert.title}: ${kept.alert.message}`;
    const skip: Row = {
      ...about(kept.alert),
      kind: 'notification.skipped',
      reason: 'it got better, and nobody is told before it is well',
    };
    return {
      kept,
      from: 'firing',
      reason,
      journal: [{ ...about(kept.alert), kind: 'alert.changed', reason }, skip],
    };
  }

  /** An alert that was held back is told when nothing explains it any longer and it is still there. */
  #released(
    kept: KeptAlert,
    signal: AlertSignal | undefined,
    { isFresh, mayTell }: SourceFacts,
  ): readonly AlertChangePlan[] {
    const { suppression, entity, acknowledgement, state } = kept.alert;
    const isHeld = state === 'firing' && suppression?.kind === 'dependency' && entity !== undefined;
    if (!isHeld || !signal || signal.isBlind || !isFresh || !mayTell || this.parts.downAncestorOf(entity))
      return [];
    const { suppression: _, ...alert } = kept.alert;
    const reason = `${suppression.by} is no longer down, and this still is`;
    const row: Row = { ...about(alert), kind: 'alert.unsuppressed', reason };
    if (!acknowledgement) return [this.tell({ ...kept, alert }, 'firing', reason, [row])];
    const skip: Row = {
      ...about(alert),
      kind: 'notification.skipped',
      reason: `nobody is told: acknowledged by ${acknowledgement.by.name}`,
    };
    return [{ kept: { ...kept, alert }, from: 'firing', reason, journal: [row, skip] }];
  }

  #suppressed(kept: KeptAlert): KeptAlert {
    const { entity, suppression } = kept.alert;
    const ancestor = entity === undefined || suppression ? undefined : this.parts.downAncestorOf(entity);
    if (ancestor === undefined) return kept;
    return {
      ...kept,
      alert: { ...kept.alert, suppression: { kind: 'dependency', by: ancestor, sinceMs: this.#nowMs } },
    };
  }

  #told(kept: KeptAlert, { add }: OutboxChange): KeptAlert {
    if (add.length === 0) return kept;
    const told = [...new Set([...kept.told, ...add.map(({ channel }) => channel)])];
    return { ...kept, told, isQuiet: false, alert: { ...kept.alert, notifiedAtMs: this.#nowMs } };
  }

  #wording({ id, entity }: Alert): WordingFacts & Pick<Notification, 'id'> {
    return {
      id: this.parts.nextId(),
      nowMs: this.#nowMs,
      entityName: entity === undefined ? undefined : this.parts.entityName(entity),
      url: this.parts.alertUrl(id),
    };
  }

  get #nowMs(): number {
    return Math.round(this.parts.clock.now());
  }
}

function silentChange(kept: KeptAlert): AlertChangePlan {
  return { kept, from: kept.alert.state, reason: 'its condition has cleared', journal: [], isSilent: true };
}

function about({ id, entity, labels }: Alert): Pick<Row, 'alertId' | 'entity' | 'check'> {
  return {
    alertId: id,
    ...(entity === undefined ? {} : { entity }),
    ...(labels.check === undefined ? {} : { check: labels.check }),
  };
}

function by(actor: Actor | undefined): Pick<Row, 'actor'> {
  return actor ? { actor } : {};
}
