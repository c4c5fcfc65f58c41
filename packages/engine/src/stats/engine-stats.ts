import type { AlertCounts } from '../alerts/alerts.js';
import type { IngestStats } from '../ingest/ingest.js';
import type { CheckCounts } from '../verdicts/checks.js';

/** Figures of the engine at one moment. */
export interface EngineStats {
  readonly checks: CheckCounts & { readonly total: number };
  readonly alerts: AlertCounts;
  readonly ingest: IngestStats;
  readonly outbox: { readonly pending: number; readonly dead: number };
  readonly scheduler: {
    readonly tasks: number;
    readonly running: number;
    readonly queued: number;
    /** Since the start, of the tasks that exist now. */
    readonly runs: number;
    readonly missed: number;
    /** Of the last minutes. */
    readonly latenessP99Ms: number;
  };
  readonly entities: number;
  /** Instances whose plugin could not be started so far. */
  readonly failingInstances: number;
}
