import { type Alert, type EntityId, formatDuration, type Silence, type Suppression } from '@labkeeper/core';
import { REOPEN_WITHIN_MS } from '../alert-machine.js';
import type { KeptAlert } from '../kept-alert.js';

/** An alert that begins this often… */
const FLAPPING_STARTS = 5;
/** …within this time comes and goes; one alert that stays is worth more than ten that do not. */
const FLAPPING_WITHIN_MS = 1_800_000;
/** One that flaps is told when it has stayed for so long. */
const SETTLED_AFTER_MS = 300_000;

/** What the present has to say to an alert. Asked in this order, each only when those before had nothing. */
export interface TellingFacts {
  readonly nowMs: number;
  /** Name of an open maintenance window that covers it. */
  readonly maintenanceOf: (alert: Alert) => string | undefined;
  readonly silenceOf: (alert: Alert) => Silence | undefined;
  /** A firing alert that explains this one, and the rule that says so. */
  readonly inhibitorOf: (alert: Alert) => { readonly alert: Alert; readonly rule: string } | undefined;
  readonly downAncestorOf: (entity: EntityId) => EntityId | undefined;
  /** Whether the source of the alert looks after flapping itself, as checks do. */
  readonly isSteadied: boolean;
}

/** Whether people are told, and why. */
export type Decision =
  | { readonly kind: 'now' }
  | { readonly kind: 'wait'; readonly untilMs: number; readonly because: string }
  | { readonly kind: 'not'; readonly suppression: Omit<Suppression, 'sinceMs'>; readonly because: string };

/**
 * The one place that decides whether people are told of a firing alert now: maintenance, silence, inhibition, dependency, flapping,
 * cool-down, in this order. How fast a channel may be told is decided afterwards, per channel. Pure.
 * An end is never asked about here: whoever was told of the beginning hears of it.
 */
export function decideTelling(kept: KeptAlert, facts: TellingFacts): Decision {
  return suppressedBy(kept, facts) ?? waitsFor(kept, facts.nowMs) ?? { kind: 'now' };
}

function suppressedBy(kept: KeptAlert, facts: TellingFacts): Decision | undefined {
  const { alert } = kept;
  const window = facts.maintenanceOf(alert);
  if (window !== undefined) return not('maintenance', window, `the maintenance '${window}' is going on`);
  const silence = facts.silenceOf(alert);
  if (silence)
    return not('silence', silence.id, `silenced by ${silence.createdBy}: ${silence.comment}`.trimEnd());
  const inhibitor = facts.inhibitorOf(alert);
  if (inhibitor) return not('inhibition', inhibitor.alert.id, inhibitedBecause(inhibitor));
  const ancestor = alert.entity === undefined ? undefined : facts.downAncestorOf(alert.entity);
  if (ancestor !== undefined) return not('dependency', ancestor, `${ancestor} is down`);
  return facts.isSteadied ? undefined : flapping(kept, facts.nowMs);
}

function flapping({ startsMs, source, alert }: KeptAlert, nowMs: number): Decision | undefined {
  const count = startsMs.filter((startMs) => nowMs - startMs <= FLAPPING_WITHIN_MS).length;
  const isSettled = nowMs - (alert.firingAtMs ?? 0) >= SETTLED_AFTER_MS;
  if (count < FLAPPING_STARTS || isSettled) return undefined;
  const often = `it has begun ${count} times within ${formatDuration(FLAPPING_WITHIN_MS)}`;
  return not(
    'flapping',
    source,
    `${often}; it is told when it stays for ${formatDuration(SETTLED_AFTER_MS)}`,
  );
}

function waitsFor({ isQuiet, coolUntilMs, alert }: KeptAlert, nowMs: number): Decision | undefined {
  const { acknowledgement, firingAtMs = 0 } = alert;
  if (isQuiet && acknowledgement && nowMs - firingAtMs < REOPEN_WITHIN_MS) {
    const because = `acknowledged by ${acknowledgement.by.name}, and it may be a blip`;
    return { kind: 'wait', untilMs: firingAtMs + REOPEN_WITHIN_MS, because };
  }
  if (coolUntilMs === undefined || nowMs >= coolUntilMs) return undefined;
  const because = 'people were told a moment ago that it is over; it is told again if it lasts';
  return { kind: 'wait', untilMs: coolUntilMs, because };
}

function inhibitedBecause({ alert, rule }: { readonly alert: Alert; readonly rule: string }): string {
  return `'${alert.title}' fires and explains it (${rule})`;
}

function not(kind: Suppression['kind'], by: string, because: string): Decision {
  return { kind: 'not', suppression: { kind, by }, because };
}
