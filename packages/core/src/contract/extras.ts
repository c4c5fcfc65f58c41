import type { Actor } from '../model/actor.js';
import type { Labels } from '../model/labels.js';
import type { AlertsClient } from './alerts.js';
import type { Clock } from './clock.js';
import type { Logger } from './log.js';
import type { QueryClient } from './query.js';
import type { Trigger } from './scheduler.js';
import type { Collection, CollectionDeclaration, RecordTransaction } from './storage.js';

/** A Prometheus rule file that ships with a plugin. */
export interface RulePack {
  readonly name: string;
  readonly summary: string;
  /** The YAML text of the file, `{{param "name"}}` standing for parameters. */
  readonly rules: string;
  readonly parameters?: Readonly<Record<string, { readonly description: string; readonly default: number }>>;
}

/** HTTP routes under `/plugins/<plugin>/`, and under the roots that the set claims. */
export interface RouteSet {
  readonly name: string;
  /**
   * Further roots, such as `/alertmanager`, for programs that expect fixed addresses. One that belongs to Labkeeper itself or to
   * another plugin is refused at the start.
   */
  readonly roots?: readonly string[];
  /**
   * A Fastify plugin. Typed loosely so that core does not depend on Fastify; `register` is called once with the
   * encapsulated instance for each root. All its routes ask for a key with the role `permission`, unless that is `public`;
   * `operator` routes are open to a viewer's GET requests. Changes are in the audit log; a route with `config: { takesIn: true }` takes in what other
   * programs report all the time, and is not.
   */
  readonly register: (server: unknown, context: RouteContext) => Promise<void>;
  readonly permission: 'public' | 'viewer' | 'operator' | 'admin';
}

/** What routes may reach. */
export interface RouteContext {
  /** Where this registration is mounted: `/plugins/<plugin>` or one of the roots. */
  readonly root: string;
  readonly version: string;
  /** When the program started, in milliseconds since the epoch. */
  readonly startedAtMs: number;
  readonly log: Logger;
  readonly clock: Clock;
  readonly store: RecordTransaction;
  readonly query: QueryClient;
  readonly alerts: AlertsClient;
  /** Who sent a request, as the host has authenticated it. */
  readonly actorOf: (request: unknown) => Actor;
}

/** A custom element that shows something of the plugin in the UI. */
export interface Panel {
  /** Tag name of the element, with the plugin's name in it. */
  readonly element: string;
  readonly title: string;
  /** URL of the ES module that defines the element, as `new URL('./panel.js', import.meta.url)` gives it. */
  readonly module: URL;
  readonly place: 'overview' | 'entity' | 'page';
  /** For `entity`: the kinds on whose pages it stands. */
  readonly entityKinds?: readonly string[];
}

/** What to do when an alert fires, in Markdown. */
export interface Runbook {
  /** Name of the alert rule. */
  readonly alert: string;
  readonly markdown: string;
}

/** Symptom → action. A first guess whose worth is learned from verified outcomes. */
export interface RemediationPattern {
  readonly name: string;
  /** Labels and rule name of the alert that shows the symptom. */
  readonly symptom: { readonly alert: string; readonly labels?: Labels };
  readonly remediator: string;
  readonly action: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** A job engine in place of the built-in one, for many hosts. */
export interface SchedulerAdapter {
  readonly name: string;
  readonly summary: string;
  /** Keeps `trigger` firing `task` on exactly one host at a time. */
  open(store: (declaration: CollectionDeclaration) => Collection<unknown>): Promise<{
    schedule(task: string, trigger: Trigger, run: () => Promise<void>): Promise<void>;
    close(): Promise<void>;
  }>;
}
