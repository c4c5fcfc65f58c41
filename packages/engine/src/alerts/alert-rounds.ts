import { type Clock, describeError, type Logger, type Timer } from '@labkeeper/core';
import type { AlertChangePlan } from './alert-change.js';
import type { AlertPlanner } from './alert-planner.js';
import type { AlertStore } from './alert-store.js';
import type { AlertWriter } from './alert-writer.js';
import type { KeptAlert } from './kept-alert.js';
import type { Reminders } from './reminders.js';
import type { Said } from './signals/outside-reconciler.js';
import type { GroupBook } from './telling/group-book.js';
import type { GroupTeller } from './telling/group-teller.js';
import type { Turns } from './turns.js';

/** Alerts whose changes are written in one transaction. */
const BATCH = 200;
/** One look may make another one worthwhile, as when an alert that inhibited others is held back itself; a circle must end somewhere. */
const MOST_LOOKS = 5;
/** Longest timer; after it the wall clock is asked again, in case it was set. */
const LONGEST_WAIT_MS = 30_000;

interface RoundsParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly store: AlertStore;
  readonly planner: AlertPlanner;
  readonly reminders: Reminders;
  readonly writer: AlertWriter;
  readonly groups: GroupBook;
  readonly teller: GroupTeller;
  readonly turns: Turns;
  /** What a source says now; undefined: nobody knows yet. */
  readonly saidBy: (source: string) => Said | undefined;
}

/**
 * Looks what time, and the changes of others, have done to alerts that fire: silences and windows that began or ended, acknowledgements that
 * have lapsed, blips that last, repeats, escalations, groups whose time has come. It looks at what is and writes the difference, so it
 * does not matter when it looks, how often, or what it missed.
 */
export class AlertRounds {
  #timer: Timer | undefined;
  #timerAtMs = Number.POSITIVE_INFINITY;
  #running: Promise<void> | undefined;
  #isDueAgain = false;
  #isStopped = false;

  constructor(private readonly parts: RoundsParts) {}

  /** Looks at everything. Called every few seconds, and when people changed something; never rejects. */
  async run(): Promise<void> {
    // Whoever calls while it looks may have changed what it has passed already.
    this.#isDueAgain = this.#running !== undefined;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  /** Groups may have something to tell sooner than the next round. Called after every change of an alert. */
  arm(): void {
    const nowMs = this.parts.clock.now();
    const atMs = Math.min(this.parts.groups.nextDueMs(), nowMs + LONGEST_WAIT_MS);
    if (this.#isStopped || atMs >= nowMs + LONGEST_WAIT_MS || atMs >= this.#timerAtMs) return;
    this.#timer?.cancel();
    this.#timerAtMs = atMs;
    this.#timer = this.parts.clock.setTimer(() => this.#ring(), Math.max(0, atMs - nowMs));
  }

  /** Sets no timer any more. Resolves when what is going on has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    await this.#running;
  }

  #ring(): void {
    this.#timer = undefined;
    this.#timerAtMs = Number.POSITIVE_INFINITY;
    void this.#tellGroups();
  }

  async #run(): Promise<void> {
    do {
      this.#isDueAgain = false;
      await this.#once();
    } while (this.#isDueAgain && !this.#isStopped);
  }

  async #once(): Promise<void> {
    this.parts.store.forget(this.parts.clock.now());
    await this.#guarded(async () => {
      for (let looks = 0; looks < MOST_LOOKS; looks++) if (!(await this.#look())) return;
    });
    await this.#tellGroups();
  }

  /** While the store is away no timer is set: it would ring at once. The next round tries again. */
  #tellGroups(): Promise<void> {
    return this.#guarded(async () => {
      for (const { key } of this.parts.groups.due(this.parts.clock.now())) await this.#tellGroup(key);
      this.arm();
    });
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.parts.log.error('alerts could not be written; they are tried again', {
        reason: describeError(error),
      });
    }
  }

  /** True when something has changed. */
  async #look(): Promise<boolean> {
    const { store, turns, writer } = this.parts;
    let hasChanged = false;
    const firing = store.firing();
    for (let start = 0; start < firing.length; start += BATCH) {
      const ids = firing.slice(start, start + BATCH).map(({ alert }) => alert.id);
      await turns.take(async () => {
        const plans = ids.flatMap((id) => this.#changeOf(id) ?? []);
        hasChanged ||= plans.length > 0;
        if (plans.length > 0) await writer.commit(plans);
      });
    }
    return hasChanged;
  }

  #changeOf(id: string): AlertChangePlan | undefined {
    const { store, planner, reminders, clock, saidBy } = this.parts;
    const kept = store.kept(id);
    if (kept?.alert.state !== 'firing') return undefined;
    const nowMs = Math.round(clock.now());
    if (hasLapsed(kept, nowMs)) {
      const reason = `the acknowledgement by ${kept.alert.acknowledgement?.by.name} has ended`;
      return planner.unacknowledge(kept, reason, { again: true });
    }
    const said = saidBy(kept.source);
    const change = planner.look(kept, said?.signal, said?.facts);
    // Of what has not been heard of since the start nobody knows whether it goes on.
    return change ?? (said?.signal ? reminders.due(kept, said.signal, nowMs) : undefined);
  }

  #tellGroup(key: string): Promise<void> {
    const { turns, groups, teller, writer, clock } = this.parts;
    return turns.take(async () => {
      const group = groups.get(key);
      if (group?.dueAtMs === undefined || group.dueAtMs > clock.now()) return;
      const { plans, group: after } = teller.plan(group);
      await writer.commit(plans, (transaction) => groups.write(transaction, [after]));
      groups.accept([after]);
      this.arm();
    });
  }
}

function hasLapsed({ alert }: KeptAlert, nowMs: number): boolean {
  return (alert.acknowledgement?.untilMs ?? Number.POSITIVE_INFINITY) <= nowMs;
}
