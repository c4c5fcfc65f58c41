import type { Actor } from './actor.js';
import type { EntityId } from './entity.js';
import type { Labels } from './labels.js';
import type { Severity } from './severity.js';

export const ALERT_STATES = ['pending', 'firing', 'resolved'] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/** Somebody has seen it. Beside the state, never instead of it; it sticks through short recoveries. */
export interface Acknowledgement {
  readonly by: Actor;
  readonly reason: string;
  readonly atMs: number;
  /** After this the acknowledgement lapses and the alert is told again. */
  readonly untilMs?: number;
}

/** Why nobody is told of an alert at the moment. */
export interface Suppression {
  readonly kind: 'dependency' | 'silence' | 'maintenance' | 'inhibition' | 'flapping';
  /** What suppresses: the id of the parent entity, of the silence or of the inhibiting alert; the name of the window; the source that flaps. */
  readonly by: string;
  readonly sinceMs: number;
}

/** Something worth knowing that was looked up when an alert began to fire, such as the processes that use most memory. */
export interface Evidence {
  readonly name: string;
  readonly atMs: number;
  readonly text?: string;
  /** Of a query: what was measured, by labels. */
  readonly values?: readonly { readonly labels: Labels; readonly value: number }[];
}

/** One rule × one label set. */
export interface Alert {
  readonly id: string;
  /** Hash of the labels: the same trouble has the same fingerprint after a restart. */
  readonly fingerprint: string;
  /** Name of the rule or the check that raised it. */
  readonly rule: string;
  /** S2's classification, such as `service_down` or `disk_warning`. */
  readonly type: string;
  readonly severity: Severity;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly entity?: EntityId;
  readonly title: string;
  readonly message: string;
  readonly state: AlertState;
  readonly value?: number;
  readonly threshold?: number;
  readonly acknowledgement?: Acknowledgement;
  readonly suppression?: Suppression;
  /** The condition was first true. */
  readonly pendingAtMs: number;
  readonly firingAtMs?: number;
  readonly resolvedAtMs?: number;
  /** The last notification of it left for the outbox. Absent: nobody was told yet. */
  readonly notifiedAtMs?: number;
  readonly evidence?: readonly Evidence[];
  /** Where its cause can be seen: the generator of a rule or of a pushed alert. */
  readonly url?: string;
}
