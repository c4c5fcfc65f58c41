import {
  type Acknowledgement,
  type Alert,
  type Clock,
  describeError,
  LabkeeperError,
  type Logger,
} from '@labkeeper/core';
import type { ListPage, PageRequest } from '../paging.js';
import type { AlertChangePlan } from './alert-change.js';
import { alertOf, REOPEN_WITHIN_MS } from './alert-machine.js';
import type { AlertPlanner } from './alert-planner.js';
import type { AlertSignal } from './alert-signal.js';
import type { AlertStore } from './alert-store.js';
import type { AlertWriter } from './alert-writer.js';
import type { AlertChange, AlertCounts, AlertFilter, Alerts } from './alerts.js';
import type { KeptAlert } from './kept-alert.js';
import type { Turns } from './turns.js';

interface DeskParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly store: AlertStore;
  readonly planner: AlertPlanner;
  readonly writer: AlertWriter;
  readonly turns: Turns;
  /** What a source says now. */
  readonly signalOf: (source: string) => AlertSignal | undefined;
  /** Every signal there is. */
  readonly signals: () => Iterable<AlertSignal & { readonly source: string }>;
}

/** Told with an alert that a person closes while its cause lasts, so that nobody takes it for a recovery. */
const STILL_GOING_ON =
  'It still lasts; it is told again when it gets worse, or comes back after it was well.';

/** What people do with alerts, and what time does to what they did. */
export class AlertDesk implements Alerts {
  #isTicking = false;

  constructor(private readonly parts: DeskParts) {}

  list(filter?: AlertFilter, page?: PageRequest): Promise<ListPage<Alert>> {
    return this.parts.store.list(filter, page);
  }

  async get(id: string): Promise<Alert | undefined> {
    return (await this.parts.store.find(id))?.alert;
  }

  firing(): readonly Alert[] {
    const alerts = this.parts.store.firing().map(({ alert }) => alert);
    return alerts.sort((a, b) => (a.id < b.id ? 1 : -1));
  }

  pending(): readonly Alert[] {
    const alerts: Alert[] = [];
    for (const signal of this.parts.signals()) {
      const isOpen = this.parts.store.bySource(signal.source)?.alert.state === 'firing';
      if (signal.phase === 'pending' && !isOpen)
        alerts.push(alertOf(signal, `pending/${signal.source}`, 'pending'));
    }
    return alerts;
  }

  counts(): AlertCounts {
    return this.parts.store.counts();
  }

  acknowledge(
    id: string,
    { by, reason, untilMs }: AlertChange & { readonly untilMs?: number },
  ): Promise<Alert> {
    const atMs = this.parts.clock.now();
    const acknowledgement = { by, reason, atMs, ...(untilMs === undefined ? {} : { untilMs }) };
    return this.#change(id, (kept) =>
      isSame(kept.alert.acknowledgement, acknowledgement)
        ? undefined
        : this.parts.planner.acknowledge(kept, acknowledgement),
    );
  }

  unacknowledge(id: string, { by, reason }: AlertChange): Promise<Alert> {
    return this.#change(id, (kept) => {
      if (!kept.alert.acknowledgement)
        throw new LabkeeperError('CONFLICT', `the alert '${id}' is not acknowledged`);
      return this.parts.planner.unacknowledge(kept, `taken back by ${by.name}: ${reason}`, {
        actor: by,
        again: false,
      });
    });
  }

  resolve(id: string, { by, reason }: AlertChange): Promise<Alert> {
    return this.#change(id, (kept) => {
      const isGoingOn = this.parts.signalOf(kept.source)?.phase === 'firing';
      const title = `Closed by ${by.name}: ${kept.alert.title}`;
      const told = isGoingOn ? [reason, STILL_GOING_ON].filter(Boolean).join('\n') : reason;
      return this.parts.planner.end(kept, { title, reason: told, by }, isGoingOn);
    });
  }

  /** Looks what time has done: acknowledgements that have ended, blips that last. Called every few seconds; never rejects. */
  async tick(): Promise<void> {
    const { store, clock, log } = this.parts;
    store.forget(clock.now());
    if (this.#isTicking || !store.firing().some((kept) => this.#isDue(kept))) return;
    this.#isTicking = true;
    try {
      await this.parts.turns.take(async () => {
        const due = store.firing().filter((kept) => this.#isDue(kept));
        await this.parts.writer.commit(due.map((kept) => this.#overdue(kept)));
      });
    } catch (error) {
      log.error('alerts could not be written; they are tried again', { reason: describeError(error) });
    } finally {
      this.#isTicking = false;
    }
  }

  #isDue(kept: KeptAlert): boolean {
    return this.#hasLapsed(kept) || this.#isNoBlip(kept);
  }

  #hasLapsed({ alert }: KeptAlert): boolean {
    return (alert.acknowledgement?.untilMs ?? Number.POSITIVE_INFINITY) <= this.parts.clock.now();
  }

  #isNoBlip({ isQuiet, alert }: KeptAlert): boolean {
    return isQuiet && this.parts.clock.now() - (alert.firingAtMs ?? 0) >= REOPEN_WITHIN_MS;
  }

  #overdue(kept: KeptAlert): AlertChangePlan {
    const { planner } = this.parts;
    const name = kept.alert.acknowledgement?.by.name ?? '';
    if (this.#hasLapsed(kept))
      return planner.unacknowledge(kept, `the acknowledgement by ${name} has ended`, { again: true });
    return planner.tell(
      { ...kept, isQuiet: false },
      'firing',
      `acknowledged by ${name}, but this is no blip: it lasts`,
      [],
    );
  }

  /** Carries out what `plan` makes of an open alert; undefined: it is as wanted already. */
  #change(id: string, plan: (kept: KeptAlert) => AlertChangePlan | undefined): Promise<Alert> {
    const { store, turns, writer } = this.parts;
    return turns.take(async () => {
      const kept = await store.find(id);
      if (!kept) throw new LabkeeperError('NOT_FOUND', `there is no alert '${id}'`);
      if (kept.alert.state === 'resolved')
        throw new LabkeeperError('CONFLICT', `the alert '${id}' is resolved`);
      const change = plan(kept);
      if (!change) return kept.alert;
      await writer.commit([change]);
      return change.kept.alert;
    });
  }
}

/** A second press of the same button says nothing new, and its first time is the one that counts. */
function isSame(known: Acknowledgement | undefined, wanted: Acknowledgement): boolean {
  return known?.by.id === wanted.by.id && known.reason === wanted.reason && known.untilMs === wanted.untilMs;
}
