import type { Actor } from './actor.js';
import type { AttributeValue, EntityId } from './entity.js';

/** The queue's states. `unknown`: the host died while executing; such an action never runs again by itself. */
export const ACTION_STATES = [
  'pending',
  'approved',
  'executing',
  'verifying',
  'completed',
  'failed',
  'rejected',
  'rolled_back',
  'expired',
  'unknown',
] as const;
export type ActionState = (typeof ACTION_STATES)[number];

export type Risk = 'low' | 'medium' | 'high';

/** How an action ended. `success` means that the condition which asked for it has cleared, not that a program said 0. */
export interface ActionResult {
  readonly success: boolean;
  readonly output: string;
  readonly error?: string;
}

/** One step of remediation for one entity. */
export interface Action {
  readonly id: string;
  readonly remediator: string;
  readonly action: string;
  readonly entity: EntityId;
  readonly parameters: Readonly<Record<string, AttributeValue>>;
  readonly alertId?: string;
  readonly state: ActionState;
  readonly risk: Risk;
  readonly autoApproved: boolean;
  readonly approvedBy?: Actor;
  readonly reason?: string;
  readonly createdAtMs: number;
  readonly approvedAtMs?: number;
  readonly executedAtMs?: number;
  readonly endedAtMs?: number;
  readonly result?: ActionResult;
}
