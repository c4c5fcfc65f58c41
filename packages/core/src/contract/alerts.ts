import type { Actor } from '../model/actor.js';
import type { Alert } from '../model/alert.js';
import type { Labels } from '../model/labels.js';
import type { Silence } from '../model/silence.js';

/** An alert that somebody else has raised: Prometheus, Grafana, a script. */
export interface PushedAlert {
  /** Identify it: the same labels are the same alert. `alertname` is among them. */
  readonly labels: Labels;
  readonly annotations: Labels;
  /** Since when; absent: since it came. */
  readonly startsAtMs?: number;
  /** In the past: it is over. In the future: over then, unless it is sent again. Absent: five minutes after it was last sent. */
  readonly endsAtMs?: number;
  /** Where it comes from, for people. */
  readonly url?: string;
}

/** What a person asks for; the rest of {@link Silence} is filled in. */
export type SilenceRequest = Omit<Silence, 'id' | 'updatedAtMs'> & {
  /** Changes this one instead of making a new one; one that has expired is left and a new one is made, as Alertmanager does. */
  readonly id?: string;
};

/** Alerts that one channel is told of in one message. */
export interface AlertGroup {
  readonly channel: string;
  /** Labels that the alerts of the group have in common and are grouped by. */
  readonly labels: Labels;
  readonly alerts: readonly Alert[];
}

/** The alerts, for routes of plugins that speak another program's language. */
export interface AlertsClient {
  /** Alerts that are firing, with how they are suppressed. */
  firing(): readonly Alert[];
  /**
   * Takes alerts in from outside. Durable when it resolves. `source` is the name of the way in, such as `alertmanager`; alerts of
   * different ways never mix.
   */
  push(source: string, alerts: readonly PushedAlert[]): Promise<void>;
  /** Not expired, and those that expired within the time that they are kept (five days). */
  silences(): readonly Silence[];
  /** Rejects with INVALID for matchers or times that cannot be. */
  silence(request: SilenceRequest, by: Actor): Promise<Silence>;
  /** Ends a silence now. Rejects with NOT_FOUND. Idempotent. */
  expireSilence(id: string, by: Actor): Promise<void>;
  /** The alerts as channels are told of them together. An alert that is told alone is a group of its own. */
  groups(): readonly AlertGroup[];
  /** Names of the channels that alerts go to. */
  channels(): readonly string[];
}
