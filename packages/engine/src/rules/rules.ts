import type { Actor } from '@labkeeper/core';
import type { AlertInstance, Rule } from '@labkeeper/rules';

/** One rule as people see it. */
export interface RuleStatus {
  readonly rule: Rule;
  /** `unknown`: not evaluated yet. */
  readonly health: 'ok' | 'failing' | 'unknown';
  readonly failure?: string;
  readonly evaluatedAtMs?: number;
  readonly durationMs: number;
  /** Pending and firing. */
  readonly alerts: readonly AlertInstance[];
}

/** One group as people see it. */
export interface RuleGroupStatus {
  readonly key: string;
  readonly name: string;
  readonly file: string;
  readonly intervalMs: number;
  readonly limit: number;
  readonly evaluatedAtMs?: number;
  readonly durationMs: number;
  readonly evaluations: number;
  /** Due times that passed without an evaluation: the one before was still going on. */
  readonly missed: number;
  readonly rules: readonly RuleStatus[];
}

/** A number that rules of a plugin compare with, and that people may change. */
export interface RuleParameter {
  readonly pack: string;
  readonly name: string;
  readonly description: string;
  readonly value: number;
  readonly default: number;
  /** Where the value comes from. */
  readonly from: 'default' | 'file' | 'api';
}

/** The rules that are evaluated. */
export interface Rules {
  /** Groups of files first, in the order of the configuration. */
  groups(): readonly RuleGroupStatus[];
  parameters(): readonly RuleParameter[];
  /**
   * Changes parameters by name; null gives one back to the file. The rules are evaluated with them from now on, also after a restart.
   * Rejects with VALIDATION_ERROR for a name that no pack has, and for what makes a rule unreadable; then nothing has changed.
   */
  setParameters(
    values: Readonly<Record<string, number | null>>,
    by: Actor,
  ): Promise<readonly RuleParameter[]>;
}
