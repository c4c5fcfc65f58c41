import type { RulePack } from '@labkeeper/core';
import type { RuleGroup } from '@labkeeper/rules';

/** Rules that a plugin brings, with the parameters that the file gives. */
export interface RulePackInstance {
  readonly plugin: string;
  readonly pack: RulePack;
  /** What the file says; a change by API wins, and what neither says is the pack's own default. */
  readonly parameters: Readonly<Record<string, number>>;
}

/** The rules of a plan. */
export interface PlannedRules {
  /** Of files, read and without faults. */
  readonly groups: readonly RuleGroup[];
  readonly packs: readonly RulePackInstance[];
}
