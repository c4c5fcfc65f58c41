import type { EntityId } from './entity.js';
import type { Severity } from './severity.js';

/** What will happen to an entity, when, how sure. Scored later against what did happen. */
export interface Prediction {
  readonly type: string;
  readonly entity: EntityId;
  readonly severity: Severity;
  /** When it is expected to happen. */
  readonly expectedAtMs: number;
  /** 0 to 1. */
  readonly confidence: number;
  readonly message: string;
  readonly recommendation: string;
  /** The figures the prediction rests on, for people to check. */
  readonly evidence?: Readonly<Record<string, number>>;
}
