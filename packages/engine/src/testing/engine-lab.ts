import type {
  Check,
  Collector,
  EntityId,
  HttpClient,
  Logger,
  Notification,
  Notifier,
  Observations,
  Scheduler,
  Storage,
  Verdict,
  VerdictStatus,
} from '@labkeeper/core';
import { defineCheck, defineCollector, defineNotifier, optionsObject } from '@labkeeper/core';
import { createRedactor, ManualClock, memoryStorage, type Redactor } from '@labkeeper/core/runtime';
import {
  type ChannelInstance,
  type CheckInstance,
  type CollectorInstance,
  createContainer,
  createEngine,
  EMPTY_PLAN,
  type Engine,
  type EngineEvents,
  type EvidenceSource,
  type Plan,
} from '../index.js';
import { type Life, mortalClock, mortalStorage } from './mortal.js';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
/** Interval of every check in the lab unless a test says otherwise. */
export const EVERY = 30 * SECOND;

const NO_OPTIONS = optionsObject({});

/** A check whose target does what the test says. */
export class Puppet {
  says: Verdict | Error | 'hang' = { status: 'up', message: 'HTTP 200' };
  runs = 0;
  /** Lets a hanging run end. */
  letGo: () => void = () => undefined;

  is(status: VerdictStatus, message = `it is ${status}`, more: Partial<Verdict> = {}): void {
    this.says = { status, message, ...more };
  }

  readonly check = async (): Promise<Verdict> => {
    this.runs += 1;
    const { says } = this;
    if (says instanceof Error) throw says;
    if (says !== 'hang') return says;
    await new Promise<void>((resolve) => {
      this.letGo = resolve;
    });
    return { status: 'up', message: 'much too late' };
  };
}

/** A place where messages arrive, or not. */
export class Mailbox {
  /** Every call, whether it was accepted or not. */
  readonly calls: Notification[] = [];
  readonly arrived: Notification[] = [];
  fails: Error | 'hang' | undefined;
  letGo: () => void = () => undefined;

  readonly notify = async (message: Notification): Promise<void> => {
    this.calls.push(message);
    if (this.fails instanceof Error) throw this.fails;
    if (this.fails === 'hang') await new Promise<void>((resolve) => (this.letGo = resolve));
    this.arrived.push(message);
  };

  titles(): readonly string[] {
    return this.arrived.map(({ title }) => title);
  }
}

/** A line of the log. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

function recordingLog(lines: LogLine[], own: Readonly<Record<string, unknown>> = {}): Logger {
  const at =
    (level: string) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) =>
      void lines.push({ level, message, fields: { ...own, ...fields } });
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => recordingLog(lines, { ...own, ...fields }),
  };
}

export interface LabParts {
  readonly clock?: ManualClock;
  readonly storage?: Storage;
  readonly redactor?: Redactor;
  readonly http?: HttpClient;
  readonly scheduler?: Scheduler;
  readonly evidence?: EvidenceSource;
  /** Told before and after every change of the storage; see {@link mortalStorage}. */
  readonly step?: (when: 'before' | 'after') => void;
}

const EVENT_NAMES = [
  'entity.seen',
  'entity.removed',
  'samples.appended',
  'check.result',
  'check.changed',
  'check.removed',
  'verdict.changed',
  'alert.changed',
  'notification.delivered',
  'notification.retry',
  'notification.dead',
  'task.failed',
  'plan.applied',
] as const satisfies readonly (keyof EngineEvents)[];

/** An engine on a hand-driven clock, with puppets to watch and mailboxes to write to. */
export class EngineLab {
  readonly clock: ManualClock;
  readonly storage: Storage;
  readonly redactor: Redactor;
  readonly engine: Engine;
  readonly lines: LogLine[] = [];
  readonly heard: { readonly name: string; readonly payload: unknown }[] = [];
  readonly puppets = new Map<string, Puppet>();
  readonly mailboxes = new Map<string, Mailbox>();
  /** Over after {@link EngineLab.kill}. */
  readonly life: Life = { isOver: false };
  #plan: Plan = EMPTY_PLAN;

  constructor(parts: LabParts = {}) {
    this.clock = parts.clock ?? new ManualClock();
    this.storage = parts.storage ?? memoryStorage();
    this.redactor = parts.redactor ?? createRedactor();
    const { life, redactor } = this;
    const log = recordingLog(this.lines);
    const clock = mortalClock(this.clock, life);
    const storage = mortalStorage(this.storage, life, parts.step);
    this.engine = createEngine(createContainer({ ...parts, clock, storage, redactor, log }));
    for (const name of EVENT_NAMES)
      this.engine.events.on(name, (payload) => this.heard.push({ name, payload }));
  }

  get plan(): Plan {
    return this.#plan;
  }

  /** Events of one name. */
  events<Name extends (typeof EVENT_NAMES)[number]>(name: Name): readonly EngineEvents[Name][] {
    return this.heard
      .filter((event) => event.name === name)
      .map(({ payload }) => payload as EngineEvents[Name]);
  }

  puppet(name: string): Puppet {
    const puppet = this.puppets.get(name) ?? new Puppet();
    this.puppets.set(name, puppet);
    return puppet;
  }

  mailbox(name: string): Mailbox {
    const mailbox = this.mailboxes.get(name) ?? new Mailbox();
    this.mailboxes.set(name, mailbox);
    return mailbox;
  }

  /** An instance of a puppet check. */
  check(name: string, change: Partial<CheckInstance> = {}, life: Partial<Check> = {}): CheckInstance {
    const puppet = this.puppet(name);
    const check = defineCheck({
      name: 'puppet',
      summary: 'Does what the test says.',
      options: NO_OPTIONS,
      metrics: [],
      schedule: { every: '30s', timeout: '5s' },
      target: () => ({ entity: `service:${name}` }),
      check: puppet.check,
      ...(life as object),
    });
    return {
      ...{ id: `check/${name}`, name, plugin: 'puppets', options: {}, digest: 'one', check },
      trigger: { kind: 'interval', everyMs: EVERY, phase: 'now' },
      timeoutMs: 5 * SECOND,
      entity: `service:${name}`,
      displayName: name,
      dependsOn: [],
      labels: {},
      severity: 'high',
      failuresBeforeDown: 2,
      successesBeforeUp: 1,
      paused: false,
      ...change,
    };
  }

  /** An instance of a collector. */
  collector(
    name: string,
    collect: () => Promise<Observations>,
    change: Partial<CollectorInstance> = {},
    life: Partial<Collector> = {},
  ): CollectorInstance {
    const collector = defineCollector({
      name: 'gatherer',
      summary: 'Reports what the test says.',
      options: NO_OPTIONS,
      metrics: [],
      schedule: { every: '10s', timeout: '5s' },
      collect,
      ...(life as object),
    });
    return {
      ...{ id: `collect/${name}`, name, plugin: 'gatherers', options: {}, digest: 'one', collector },
      trigger: { kind: 'interval', everyMs: 10 * SECOND, phase: 'now' },
      timeoutMs: 5 * SECOND,
      entity: `server:${name}` as EntityId,
      labels: {},
      ...change,
    };
  }

  /** An instance of a channel that leads to a mailbox. */
  channel(
    name: string,
    change: Partial<ChannelInstance> = {},
    life: Partial<Notifier> = {},
  ): ChannelInstance {
    const notifier = defineNotifier({
      name: 'mail',
      summary: 'Puts messages into a mailbox.',
      options: NO_OPTIONS,
      limits: { textLength: 2_000, messagesPerSecond: 1_000, buttons: 'hidden' },
      notify: this.mailbox(name).notify,
      ...(life as object),
    });
    return {
      ...{ id: `notify/${name}`, name, plugin: 'mailboxes', options: {}, digest: 'one', notifier },
      when: {
        severities: ['critical', 'high', 'medium', 'low'],
        kinds: ['alert.firing', 'alert.resolved', 'alert.acknowledged', 'test'],
        // A test that wants to be reminded says so.
        repeatIntervalMs: 0,
      },
      timeoutMs: 10 * SECOND,
      ...change,
    };
  }

  /** Starts the engine, if it is not, with this plan; the clock moves on a little, so that everything due now has run. */
  async run(plan: Partial<Plan>): Promise<void> {
    this.#plan = { ...EMPTY_PLAN, ...plan };
    await this.engine.start();
    await this.engine.apply(this.#plan);
    await this.clock.advance(10);
  }

  /** Lets every check run `times` more times. */
  async rounds(times: number): Promise<void> {
    for (let round = 0; round < times; round++) await this.clock.advance(EVERY);
  }

  /** The only alert that fires. Throws when there is none or more than one. */
  alert() {
    const [alert, ...others] = this.engine.alerts.firing();
    if (!alert || others.length > 0) throw new Error(`${others.length + (alert ? 1 : 0)} alerts fire`);
    return alert;
  }

  status(name: string) {
    const status = this.engine.checks.get(name);
    if (!status) throw new Error(`there is no check ${name}`);
    return status;
  }

  /** The process dies on the spot, like by `kill -9`: nothing that it was about to do happens. */
  kill(): void {
    this.life.isOver = true;
  }

  /** The process is killed, and another one begins on the same storage and clock, in the same world. */
  reborn(parts: LabParts = {}): EngineLab {
    this.kill();
    const lab = new EngineLab({ clock: this.clock, storage: this.storage, ...parts });
    for (const [name, puppet] of this.puppets) lab.puppets.set(name, puppet);
    for (const [name, mailbox] of this.mailboxes) lab.mailboxes.set(name, mailbox);
    return lab;
  }
}
