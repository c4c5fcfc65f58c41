import type { Alert } from '@labkeeper/core';
import type { Ending } from './alert-wording.js';

/** What a group of a channel still has to tell of an alert. */
export interface DueTelling {
  /** Key of the group. */
  readonly group: string;
  readonly tell: 'firing' | 'resolved';
}

/** An alert with what the engine remembers of it beside what people see. */
export interface KeptAlert {
  readonly alert: Alert;
  /** What raises it: `check/nextcloud`. */
  readonly source: string;
  /** Rank of the signal it fires with. */
  readonly rank: number;
  /** Channels that were told of it and not yet of its end. */
  readonly told: readonly string[];
  /** When each of these was told last. */
  readonly toldAtMs: Readonly<Record<string, number>>;
  /** By channel. What is in here is told by a group, soon. */
  readonly due: Readonly<Record<string, DueTelling>>;
  /**
   * News that something holds back: it is told when nothing does any longer. `new` goes to those who have not heard of the
   * alert, `worse` to everybody.
   */
  readonly owed: 'nothing' | 'new' | 'worse';
  /** A person has closed it while its condition goes on; it stays closed until that has cleared. */
  readonly isClosedByHand: boolean;
  /** It fires again, acknowledged, and nobody was told because it may be a blip. */
  readonly isQuiet: boolean;
  /** People were told that it is over; that it fires again is no news before this time. */
  readonly coolUntilMs?: number | undefined;
  /** When it began to fire, the last few times, the newest last. */
  readonly startsMs: readonly number[];
  /** Since when it fires without anybody's name on it and without anything that suppresses it. */
  readonly openSinceMs?: number | undefined;
  /** When each escalation was last carried out. */
  readonly escalatedAtMs: Readonly<Record<string, number>>;
  /** How it ended, for whoever is told of that later. */
  readonly ending?: Ending | undefined;
}

/** What is remembered of an alert that has just begun. */
export const UNTOLD = {
  told: [],
  toldAtMs: {},
  due: {},
  owed: 'nothing',
  isClosedByHand: false,
  isQuiet: false,
  startsMs: [],
  escalatedAtMs: {},
} as const satisfies Partial<KeptAlert>;

/** The record without some of its keys. */
export function withoutKeys<Value>(
  record: Readonly<Record<string, Value>>,
  keys: readonly string[],
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}
