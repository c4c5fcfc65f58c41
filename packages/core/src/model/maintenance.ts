import type { EntityId } from './entity.js';
import type { Matcher } from './matcher.js';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** When a maintenance window is open. Times of day are those of {@link Maintenance.timeZone}. */
export type MaintenanceTimes =
  | { readonly kind: 'once'; readonly fromMs: number; readonly toMs: number }
  | {
      readonly kind: 'weekly';
      /** Days on which it opens. */
      readonly days: readonly Weekday[];
      /** `HH:MM`, from 00:00 to 23:59. */
      readonly from: string;
      /** The first such time after it has opened: `22:00` to `04:00` ends on the next day, equal times last a whole day. */
      readonly to: string;
    }
  | {
      readonly kind: 'cron';
      /** Opens at each of its times: five fields, or six with seconds first. */
      readonly expression: string;
      readonly durationMs: number;
    };

/**
 * Somebody works on something, and nobody is told of its alerts meanwhile; they are seen all the same. What still fires at the end is
 * told then.
 */
export interface Maintenance {
  /** Identifies it. */
  readonly name: string;
  readonly times: MaintenanceTimes;
  /** IANA name such as `Europe/Berlin`; default UTC. */
  readonly timeZone?: string;
  /** Labels of the alerts that it covers; all must match. Without matchers and entities it covers everything. */
  readonly matchers?: readonly Matcher[];
  /** It covers alerts of these, and of everything that depends on them. With matchers, both must hold. */
  readonly entities?: readonly EntityId[];
  /** What is done, for the others. */
  readonly comment?: string;
}

/** One opening of a window. */
export interface MaintenanceSpan {
  readonly fromMs: number;
  /** The window is closed at this time. */
  readonly toMs: number;
}
