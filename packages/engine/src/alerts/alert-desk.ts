import {
  type Acknowledgement,
  type Actor,
  type Alert,
  type AlertGroup,
  type Clock,
  LabkeeperError,
  type Maintenance,
  type PushedAlert,
  type Silence,
  type SilenceRequest,
  type Suppression,
} from '@labkeeper/core';
import type { Journal, JournalRow } from '../journal/journal.js';
import type { Outbox } from '../outbox/outbox.js';
import type { ListPage, PageRequest } from '../paging.js';
import { isOfCheck } from '../verdicts/watched-check.js';
import type { AlertChangePlan } from './alert-change.js';
import { alertOf, shown } from './alert-machine.js';
import type { AlertPlanner } from './alert-planner.js';
import type { AlertSignal, SourcedSignal } from './alert-signal.js';
import type { AlertStore } from './alert-store.js';
import type { AlertWriter } from './alert-writer.js';
import type { AlertChange, AlertCounts, AlertFilter, Alerts } from './alerts.js';
import type { KeptAlert } from './kept-alert.js';
import type { PushedSignalBook } from './signals/pushed-signals.js';
import type { MaintenanceBook, MaintenanceStatus } from './suppression/maintenance-book.js';
import type { SilenceBook } from './suppression/silence-book.js';
import type { GroupTeller } from './telling/group-teller.js';
import type { Turns } from './turns.js';

interface DeskParts {
  readonly clock: Clock;
  readonly store: AlertStore;
  readonly planner: AlertPlanner;
  readonly writer: AlertWriter;
  readonly turns: Turns;
  readonly journal: Journal;
  readonly silences: SilenceBook;
  readonly maintenance: MaintenanceBook;
  readonly pushed: PushedSignalBook;
  readonly teller: GroupTeller;
  readonly outbox: Outbox;
  /** What a source says now. */
  readonly signalOf: (source: string) => AlertSignal | undefined;
  /** Every signal there is. */
  readonly signals: () => Iterable<SourcedSignal>;
}

/** Told with an alert that a person closes while its cause lasts, so that nobody takes it for a recovery. */
const STILL_GOING_ON =
  'It still lasts; it is told again when it gets worse, or comes back after it was well.';

/** What people see of alerts, and do with them. */
export class AlertDesk implements Alerts {
  constructor(private readonly parts: DeskParts) {}

  async list(filter?: AlertFilter, page?: PageRequest): Promise<ListPage<Alert>> {
    const found = await this.parts.store.list(filter, page);
    return { ...found, items: found.items.map((alert) => this.#present(alert)) };
  }

  async get(id: string): Promise<Alert | undefined> {
    const kept = await this.parts.store.find(id);
    return kept && this.#present(kept.alert);
  }

  firing(): readonly Alert[] {
    const alerts = this.parts.store.firing().map(({ alert }) => this.#present(alert));
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

  async why(id: string): Promise<readonly JournalRow[]> {
    const rows: JournalRow[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.parts.journal.ofAlert(id, { limit: 1_000, cursor });
      rows.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return rows;
  }

  suppressions(): Readonly<Record<Suppression['kind'], number>> {
    const counts = { dependency: 0, silence: 0, maintenance: 0, inhibition: 0, flapping: 0 };
    for (const { suppression } of this.parts.store.firingAlerts())
      if (suppression) counts[suppression.kind] += 1;
    return counts;
  }

  groups(): readonly AlertGroup[] {
    return this.parts.teller
      .list()
      .map((group) => ({ ...group, alerts: group.alerts.map((alert) => this.#present(alert)) }));
  }

  push(source: string, alerts: readonly PushedAlert[]): Promise<void> {
    return this.parts.pushed.push(source, alerts);
  }

  silences(): readonly Silence[] {
    return this.parts.silences.list();
  }

  silence(request: SilenceRequest, by: Actor): Promise<Silence> {
    return this.parts.silences.set(request, by);
  }

  expireSilence(id: string, by: Actor): Promise<void> {
    return this.parts.silences.expire(id, by);
  }

  maintenance(): readonly MaintenanceStatus[] {
    return this.parts.maintenance.list();
  }

  setMaintenance(maintenance: Maintenance, by: Actor): Promise<MaintenanceStatus> {
    return this.parts.maintenance.put(maintenance, by);
  }

  removeMaintenance(name: string, by: Actor): Promise<boolean> {
    return this.parts.maintenance.delete(name, by);
  }

  channels(): readonly string[] {
    return this.parts.outbox
      .definitions()
      .map(({ name }) => name)
      .sort();
  }

  acknowledgeAll(
    ids: readonly string[],
    { by, reason, untilMs }: AlertChange & { readonly untilMs?: number },
  ): Promise<readonly Alert[]> {
    const { store, turns, writer, planner, clock } = this.parts;
    const acknowledgement = {
      ...{ by, reason, atMs: clock.now() },
      ...(untilMs === undefined ? {} : { untilMs }),
    };
    return turns.take(async () => {
      const open = ids.flatMap((id) => store.kept(id) ?? []).filter(({ alert }) => alert.state === 'firing');
      const plans = planner.acknowledgeAll(
        open.filter(({ alert }) => !isSame(alert.acknowledgement, acknowledgement)),
        acknowledgement,
      );
      if (plans.length > 0) await writer.commit(plans);
      return open.map(({ alert }) => store.kept(alert.id)?.alert ?? alert);
    });
  }

  /**
   * On disk an open alert has the words with which it was last told; people see those of now. A check says with every run how often it has
   * failed, which is no news of the alert: live events would have to follow.
   */
  #present(alert: Alert): Alert {
    const kept = this.parts.store.kept(alert.id);
    return kept && !isOfCheck(kept.source) ? shown(alert, this.parts.signalOf(kept.source)) : alert;
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
