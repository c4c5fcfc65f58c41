import { type Labels, SEVERITIES, type Severity, type VerdictStatus } from '@labkeeper/core';
import { ownLabels } from '../instances/own-labels.js';
import type { CheckInstance } from '../plan/plan.js';
import type { VerdictState } from '../verdicts/verdict-machine.js';
import type { AlertSignal } from './alert-signal.js';

/** One alert per check, whatever is wrong with it: it gets worse and better instead of ending and beginning. */
const RULE = 'CheckFailing';

interface Trouble {
  readonly type: string;
  readonly rank: number;
  readonly isBlind: boolean;
  readonly title: (name: string) => string;
}

const TROUBLES: Readonly<Record<Exclude<VerdictStatus, 'up'>, Trouble>> = {
  down: { type: 'service_down', rank: 3, isBlind: false, title: (name) => `${name} is down` },
  degraded: { type: 'service_degraded', rank: 2, isBlind: false, title: (name) => `${name} is degraded` },
  unknown: { type: 'service_unknown', rank: 1, isBlind: true, title: (name) => `${name} cannot be checked` },
};

/** What a check says about its alert. */
export interface CheckFacts {
  readonly definition: CheckInstance;
  readonly state: VerdictState;
  readonly message: string;
}

/** The signal of a check's state. Pure. */
export function checkSignal({ definition, state, message }: CheckFacts): AlertSignal | undefined {
  if (state.status === 'up')
    return state.raw === 'up'
      ? undefined
      : signal(definition, state.raw, { state, message, phase: 'pending' });
  if (state.status !== 'unknown')
    return signal(definition, state.status, { state, message, phase: 'firing' });
  const isConfirmed = state.silent || state.unknownInARow >= definition.failuresBeforeDown;
  if (isConfirmed) return signal(definition, 'unknown', { state, message, phase: 'firing' });
  return state.raw === 'up' || state.badSinceMs === undefined
    ? undefined
    : signal(definition, state.raw, { state, message, phase: 'pending' });
}

/** Labels of a check's alert. */
export function checkAlertLabels({ name, check, entity, labels }: CheckInstance): Labels {
  return { alertname: RULE, ...ownLabels({ job: check.name, entity, check: name, labels }) };
}

/** One step less severe. */
function milder(severity: Severity): Severity {
  return SEVERITIES[Math.min(SEVERITIES.indexOf(severity) + 1, SEVERITIES.length - 1)] as Severity;
}

function signal(
  definition: CheckInstance,
  status: Exclude<VerdictStatus, 'up'>,
  {
    state,
    message,
    phase,
  }: { readonly state: VerdictState; readonly message: string; readonly phase: AlertSignal['phase'] },
): AlertSignal {
  const { type, rank, isBlind, title } = TROUBLES[status];
  const { displayName, entity, severity } = definition;
  return {
    phase,
    isBlind,
    rank,
    rule: RULE,
    type,
    severity: status === 'down' ? severity : milder(severity),
    labels: checkAlertLabels(definition),
    entity,
    title: title(displayName),
    message: explained(definition, status, { state, message }),
    sinceMs: state.badSinceMs ?? state.sinceMs,
  };
}

function explained(
  { failuresBeforeDown }: CheckInstance,
  status: VerdictStatus,
  { state, message }: Pick<CheckFacts, 'state' | 'message'>,
): string {
  if (status === 'degraded' && state.flapping)
    return `it keeps changing between good and bad; last: ${message}`;
  if (status !== 'down') return message;
  const tries = Math.max(failuresBeforeDown, state.downInARow);
  return `${message} (${state.downInARow} of ${tries} ${tries === 1 ? 'try' : 'tries'} failed)`;
}
