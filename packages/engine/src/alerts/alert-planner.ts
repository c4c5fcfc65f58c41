import type {
  Acknowledgement,
  Actor,
  Alert,
  AlertState,
  Clock,
  Notification,
  Silence,
} from '@labkeeper/core';
import type { JournalEntry } from '../journal/journal.js';
import type { Outbox } from '../outbox/outbox.js';
import type { AlertChangePlan } from './alert-change.js';
import { type AlertMove, nextMove, resolved, reworded } from './alert-machine.js';
import type { AlertSignal } from './alert-signal.js';
import {
  acknowledgedMessage,
  acknowledgedTogether,
  type Ending,
  type WordingFacts,
} from './alert-wording.js';
import type { KeptAlert } from './kept-alert.js';
import { isPushed } from './signals/source-keys.js';
import { type Decision, decideTelling, type TellingFacts } from './telling/decision.js';
import { heldBack, isHeldBy, released } from './telling/hold.js';
import type { Audience, Telling } from './telling/telling.js';
import { aboutAlert, byActor } from './trail.js';

interface PlannerParts {
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly telling: Telling;
  readonly nextId: () => string;
  readonly wording: (alert: Alert) => WordingFacts & Pick<Notification, 'id'>;
  /** What the present says to an alert of that source. */
  readonly factsFor: (source: string) => TellingFacts;
  /** Silences that last until this alert is over, as ended. */
  readonly silencesEndingWith: (alertId: string) => readonly Silence[];
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

/** How an alert is told, and what led to it. */
interface News {
  readonly from: AlertState | 'none';
  readonly reason: string;
  readonly journal: readonly JournalEntry[];
  readonly owed: Exclude<KeptAlert['owed'], 'nothing'>;
  readonly note?: string;
}

/**
 * Decides what becomes of an alert and who is told. Whether it is told now is {@link decideTelling}'s to say, and how it reaches the
 * channels {@link Telling}'s; here both meet the life of the alert. Every decision leaves its reason in the journal. Plans only;
 * {@link AlertWriter} carries out.
 */
export class AlertPlanner {
  constructor(private readonly parts: PlannerParts) {}

  /** What a signal changes; nothing most of the time. Called for every result of a check that has an alert, and for every change of a rule's. */
  forSignal(
    kept: KeptAlert | undefined,
    signal: AlertSignal | undefined,
    facts: SourceFacts,
  ): readonly AlertChangePlan[] {
    const { nextId } = this.parts;
    const move = nextMove(kept, signal, { source: facts.source, nowMs: this.#nowMs, nextId });
    if (!move) return kept ? this.#released(kept, signal, facts) : [];
    if (move.kind === 'resolve') return [this.end(move.kept, facts.ending())];
    if (move.kind === 'clear') return [silentChange(move.kept)];
    if (move.kind === 'change' && !move.isWorse) return [this.#milder(move.kept)];
    if (!facts.mayTell) return [];
    const begun = this.#begin(move, kept);
    // A worse trouble takes the place of one that somebody had closed by hand.
    return kept?.isClosedByHand && move.kind === 'fire'
      ? [silentChange({ ...kept, isClosedByHand: false }), begun]
      : [begun];
  }

  /** Closes an alert and tells those who know of it. */
  end(kept: KeptAlert, ending: Ending, isClosedByHand = false): AlertChangePlan {
    const { alert } = kept;
    const { due, outbox, groups } = this.parts.telling.conclude(kept, ending);
    const untold: JournalEntry = {
      ...aboutAlert(alert),
      kind: 'notification.skipped',
      reason: 'nobody was told that it began, so nobody is told that it is over',
    };
    const reason = `${ending.title}: ${ending.reason}`;
    return {
      kept: { ...resolved(kept, ending, { nowMs: this.#nowMs, due }), isClosedByHand },
      from: 'firing',
      reason,
      journal: [
        { ...aboutAlert(alert), ...byActor(ending.by), kind: 'alert.resolved', reason },
        ...(kept.told.length > 0 ? [] : [untold]),
      ],
      ...{ outbox, groups, silences: this.parts.silencesEndingWith(alert.id) },
    };
  }

  /** Puts somebody's name on an alert, and tells the channels that know of it. */
  acknowledge(kept: KeptAlert, acknowledgement: Acknowledgement): AlertChangePlan {
    const alert: Alert = { ...kept.alert, acknowledgement };
    const reason = `acknowledged by ${acknowledgement.by.name}: ${acknowledgement.reason}`;
    return {
      kept: { ...kept, alert, isQuiet: false, openSinceMs: undefined },
      from: 'firing',
      reason,
      journal: [{ ...aboutAlert(alert), ...byActor(acknowledgement.by), kind: 'alert.acknowledged', reason }],
      outbox: this.parts.outbox.continue(kept.told, acknowledgedMessage(alert, this.parts.wording(alert))),
    };
  }

  /** The same for several, told in one message to each channel that knows of any of them. */
  acknowledgeAll(all: readonly KeptAlert[], acknowledgement: Acknowledgement): readonly AlertChangePlan[] {
    const plans = all.map((kept) => this.acknowledge(kept, acknowledgement));
    const [first, ...others] = plans;
    if (!first || others.length === 0) return plans;
    const told = [...new Set(all.flatMap((kept) => kept.told))];
    const alerts = plans.map(({ kept }) => kept.alert);
    const message = acknowledgedTogether(alerts, this.parts.wording(first.kept.alert));
    const outbox = this.parts.outbox.continue(told, message);
    return [{ ...first, outbox }, ...others.map(({ outbox: _, ...plan }) => plan)];
  }

  /** Takes an acknowledgement off an alert. With `again` the alert is told once more, because nobody looks after it now. */
  unacknowledge(
    kept: KeptAlert,
    reason: string,
    { actor, again }: { readonly actor?: Actor; readonly again: boolean },
  ): AlertChangePlan {
    const { acknowledgement: _, ...alert } = kept.alert;
    const row: JournalEntry = {
      ...aboutAlert(alert),
      ...byActor(actor),
      kind: 'alert.unacknowledged',
      reason,
    };
    const openSinceMs = alert.suppression ? undefined : this.#nowMs;
    const free: KeptAlert = { ...kept, alert, isQuiet: false, openSinceMs };
    return again
      ? this.#news(free, { from: 'firing', reason, journal: [row], owed: 'worse' })
      : { kept: free, from: 'firing', reason, journal: [row] };
  }

  /** What has changed around an alert that fires: something holds it back from now on, or no longer does. Looks at one thing at a time. */
  look(
    kept: KeptAlert,
    signal: AlertSignal | undefined,
    facts: SourceFacts | undefined,
  ): AlertChangePlan | undefined {
    const decision = this.#decide(kept);
    const { suppression } = kept.alert;
    if (decision.kind === 'not')
      return isHeldBy(kept, decision) ? undefined : heldBack(kept, decision, this.#nowMs);
    if (kept.owed === 'nothing') return suppression ? released(kept, this.#nowMs) : undefined;
    if (!facts || !signal || signal.isBlind || !facts.mayTell) return undefined;
    if (suppression?.kind === 'dependency' && !facts.isFresh) return undefined;
    return suppression || decision.kind === 'now' ? this.#deliver(kept, signal, decision) : undefined;
  }

  /** Tells of an alert once more, or to others, where nothing holds it back. */
  tellAgain(
    kept: KeptAlert,
    signal: AlertSignal | undefined,
    request: { readonly row: JournalEntry; readonly audience: Audience; readonly note: string },
  ): AlertChangePlan {
    const { row, audience, note } = request;
    const present: KeptAlert = { ...kept, alert: reworded(kept.alert, signal) };
    return this.parts.telling.tell(present, {
      ...{ from: 'firing', reason: row.reason, journal: [row], audience, note },
    });
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
    const isQuiet = move.kind === 'reopen' && alert.acknowledgement !== undefined;
    return this.#news(
      { ...move.kept, isQuiet },
      {
        from: move.kind === 'fire' ? 'none' : (before?.alert.state ?? 'none'),
        reason,
        journal: [...pendingRow(move), { ...aboutAlert(alert), kind, reason }],
        owed: move.kind === 'change' || move.kept.owed === 'worse' ? 'worse' : 'new',
      },
    );
  }

  /** Something that people should know: it is told now, or owed to them until nothing holds it back any longer. */
  #news(kept: KeptAlert, { from, reason, journal, owed, note }: News): AlertChangePlan {
    // What got worse is told at once, whatever was told a moment ago.
    const decision = this.#decide(
      owed === 'worse' ? { ...kept, coolUntilMs: undefined, isQuiet: false } : kept,
    );
    if (kept.alert.suppression && decision.kind !== 'not') {
      // What held it back has just ended; it is told with the look that finds that out.
      const skip = skipped(kept.alert, 'nobody is told yet: it was held back until now');
      return { kept: { ...kept, owed }, from, reason, journal: [...journal, skip] };
    }
    if (decision.kind === 'now') {
      const audience: Audience = { kind: owed === 'worse' ? 'all' : 'untold' };
      return this.parts.telling.tell(kept, { from, reason, journal, audience, ...(note ? { note } : {}) });
    }
    if (decision.kind === 'wait') {
      const skip = skipped(kept.alert, `nobody is told for now: ${decision.because}`);
      return { kept: { ...kept, owed }, from, reason, journal: [...journal, skip] };
    }
    const held = isHeldBy(kept, decision)
      ? { kept: { ...kept, owed }, journal: [] }
      : heldBack({ ...kept, owed }, decision, this.#nowMs);
    const skip = skipped(kept.alert, `nobody is told: ${decision.because}`);
    return { kept: held.kept, from, reason, journal: [...journal, ...held.journal, skip] };
  }

  /** What was held back, and goes on, is told now unless somebody knows of it anyway. */
  #deliver(kept: KeptAlert, signal: AlertSignal, decision: Decision): AlertChangePlan {
    const { acknowledgement, suppression } = kept.alert;
    const lifted = suppression ? released(kept, this.#nowMs) : undefined;
    const present = lifted?.kept ?? kept;
    const journal = lifted?.journal ?? [];
    const name = acknowledgement?.by.name ?? '';
    const reason =
      lifted?.reason ??
      (kept.isQuiet ? `acknowledged by ${name}, but this is no blip: it lasts` : 'it lasts');
    if (acknowledgement && !kept.isQuiet) {
      const skip = skipped(kept.alert, `nobody is told: acknowledged by ${name}`);
      return { kept: { ...present, owed: 'nothing' }, from: 'firing', reason, journal: [...journal, skip] };
    }
    if (decision.kind !== 'now') return { kept: present, from: 'firing', reason, journal };
    const audience: Audience = { kind: kept.owed === 'worse' ? 'all' : 'untold' };
    const told: KeptAlert = { ...present, alert: reworded(present.alert, signal) };
    return this.parts.telling.tell(told, { from: 'firing', reason, journal, audience });
  }

  /** It got better, but not well. */
  #milder(kept: KeptAlert): AlertChangePlan {
    const reason = `${kept.alert.title}: ${kept.alert.message}`;
    const skip = skipped(kept.alert, 'it got better, and nobody is told before it is well');
    return {
      kept,
      from: 'firing',
      reason,
      journal: [{ ...aboutAlert(kept.alert), kind: 'alert.changed', reason }, skip],
    };
  }

  /** A fresh result of something that was held back may be what it was waiting for. */
  #released(
    kept: KeptAlert,
    signal: AlertSignal | undefined,
    facts: SourceFacts,
  ): readonly AlertChangePlan[] {
    if (kept.alert.state !== 'firing') return [];
    const plan = this.look(kept, signal, facts);
    return plan ? [plan] : [];
  }

  #decide(kept: KeptAlert): Decision {
    return decideTelling(kept, this.parts.factsFor(kept.source));
  }

  get #nowMs(): number {
    return Math.round(this.parts.clock.now());
  }
}

/** When it became true, written in its place in time. */
function pendingRow(move: AlertMove): readonly JournalEntry[] {
  const { alert } = move.kept;
  const { pendingAtMs, firingAtMs = 0 } = alert;
  // What is pushed in was firing from its first moment on.
  const isNone = move.kind === 'change' || pendingAtMs >= firingAtMs || isPushed(move.kept.source);
  if (isNone) return [];
  const reason = `${alert.title}: its condition is true, and has to stay so for it to count`;
  return [{ ...aboutAlert(alert), kind: 'alert.pending', atMs: pendingAtMs, reason }];
}

function skipped(alert: Alert, reason: string): JournalEntry {
  return { ...aboutAlert(alert), kind: 'notification.skipped', reason };
}

function silentChange(kept: KeptAlert): AlertChangePlan {
  return { kept, from: kept.alert.state, reason: 'its condition has cleared', journal: [], isSilent: true };
}
