import { formatDuration } from '@labkeeper/core';
import type { ChannelInstance, Escalation } from '../plan/plan.js';
import type { AlertChangePlan } from './alert-change.js';
import type { AlertPlanner } from './alert-planner.js';
import type { AlertSignal } from './alert-signal.js';
import type { KeptAlert } from './kept-alert.js';
import { labelsMatch } from './telling/alert-matchers.js';
import { aboutAlert } from './trail.js';

/** Distance of repeats where the channel says nothing else, as in Alertmanager. */
const REPEAT_INTERVAL_MS = 14_400_000;
/** An escalation is repeated so often at most (R-AL4). */
const ESCALATE_AGAIN_MS = 14_400_000;

interface ReminderParts {
  readonly planner: AlertPlanner;
  readonly channels: () => readonly ChannelInstance[];
  readonly escalations: () => readonly Escalation[];
  /** Whether a channel wants to hear of it by its own wishes. */
  readonly isWanted: (channel: ChannelInstance, kept: KeptAlert) => boolean;
}

/** What is told of an alert that goes on and that nobody takes care of: repeats for those who know, escalations for others. Plans only. */
export class Reminders {
  constructor(private readonly parts: ReminderParts) {}

  /** The reminder that is due, if any. An alert that is acknowledged, held back or about to be told needs none. */
  due(kept: KeptAlert, signal: AlertSignal | undefined, nowMs: number): AlertChangePlan | undefined {
    const { acknowledgement, suppression } = kept.alert;
    if (acknowledgement || suppression || kept.owed !== 'nothing') return undefined;
    return this.#escalation(kept, signal, nowMs) ?? this.#repeat(kept, signal, nowMs);
  }

  #repeat(kept: KeptAlert, signal: AlertSignal | undefined, nowMs: number): AlertChangePlan | undefined {
    const channels = this.parts.channels().filter((channel) => this.#isRepeatDue(channel, kept, nowMs));
    if (channels.length === 0) return undefined;
    const names = channels.map(({ name }) => name);
    const lastsMs = nowMs - (kept.alert.firingAtMs ?? nowMs);
    const reason = `it has been firing for ${roughly(lastsMs)} and nobody has acknowledged it: told again`;
    return this.parts.planner.tellAgain(kept, signal, {
      row: { ...aboutAlert(kept.alert), kind: 'alert.repeated', reason },
      audience: { kind: 'only', channels: names },
      note: `It has been firing for ${roughly(lastsMs)}.`,
    });
  }

  #isRepeatDue(channel: ChannelInstance, kept: KeptAlert, nowMs: number): boolean {
    const { name, when } = channel;
    const everyMs = when.repeatIntervalMs ?? REPEAT_INTERVAL_MS;
    if (everyMs <= 0 || !kept.told.includes(name) || kept.due[name]) return false;
    const lastMs = kept.toldAtMs[name] ?? kept.alert.notifiedAtMs ?? nowMs;
    return nowMs - lastMs >= everyMs && this.parts.isWanted(channel, kept);
  }

  #escalation(kept: KeptAlert, signal: AlertSignal | undefined, nowMs: number): AlertChangePlan | undefined {
    const escalation = this.parts.escalations().find((each) => isEscalationDue(each, kept, nowMs));
    if (!escalation) return undefined;
    const { name, channels } = escalation;
    const openMs = nowMs - (kept.openSinceMs ?? nowMs);
    const reason = `nobody has acknowledged it for ${roughly(openMs)}: the escalation '${name}' tells ${channels.join(', ')}`;
    const noted: KeptAlert = { ...kept, escalatedAtMs: { ...kept.escalatedAtMs, [name]: nowMs } };
    return this.parts.planner.tellAgain(noted, signal, {
      row: { ...aboutAlert(kept.alert), kind: 'alert.escalated', reason },
      audience: { kind: 'only', channels, isForced: true },
      note: `Nobody has acknowledged it for ${roughly(openMs)}.`,
    });
  }
}

function isEscalationDue(
  { name, matchers, afterMs, againEveryMs = ESCALATE_AGAIN_MS }: Escalation,
  { openSinceMs, escalatedAtMs, alert }: KeptAlert,
  nowMs: number,
): boolean {
  if (openSinceMs === undefined || nowMs - openSinceMs < afterMs) return false;
  const lastMs = escalatedAtMs[name] ?? Number.NEGATIVE_INFINITY;
  if (againEveryMs > 0 ? nowMs - lastMs < againEveryMs : lastMs >= openSinceMs) return false;
  return labelsMatch(matchers, alert.labels);
}

/** Seconds are noise where there are minutes. */
function roughly(ms: number): string {
  const stepMs = ms < 60_000 ? 1_000 : 60_000;
  return formatDuration(Math.max(1_000, Math.floor(ms / stepMs) * stepMs));
}
