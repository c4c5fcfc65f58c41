// The shapes of the host's API under the names that the page uses. They are generated from its OpenAPI document, so a
// change over there is a fault of the compiler here.
import type { components } from './api-schema.js';

type Schemas = components['schemas'];

export type Server = Schemas['Server'];
export type Check = Schemas['Check'];
export type Alert = Schemas['Alert'];
export type Counts = Pick<Schemas['SystemStats'], 'servers' | 'checks' | 'alerts'>;
export type Session = Schemas['Session'];
/** The newest numbers of a server. `gb` are 1024³ bytes. */
export type Metrics = NonNullable<Server['latest']>;
/** Columns over time; `null` where nothing was measured. Timestamps are Unix seconds. */
export type MetricsHistory = Schemas['MetricsHistory'];
export type MetricsColumn = keyof MetricsHistory['series'];

export type VerdictStatus = Check['status'];
export type ServerStatus = Server['status'];
export type AlertStatus = Alert['status'];
export type Severity = Alert['severity'];

/** Part of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly total: number;
  readonly next_cursor: string | null;
}
