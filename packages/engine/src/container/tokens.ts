import type { Clock, HttpClient, Logger, Scheduler, Storage } from '@labkeeper/core';
import type { EventBus, Redactor } from '@labkeeper/core/runtime';
import { Token } from 'typedi';
import type { EvidenceSource } from '../alerts/evidence-desk.js';
import type { EngineEvents } from '../engine-events.js';

// One token per part that somebody who embeds the engine may want to swap. Tokens and factories only: decorators would
// need metadata that bundlers do not write (docs/decisions/0004).
export const CLOCK = new Token<Clock>('labkeeper.clock');
export const STORAGE = new Token<Storage>('labkeeper.storage');
export const SCHEDULER = new Token<Scheduler>('labkeeper.scheduler');
export const HTTP = new Token<HttpClient>('labkeeper.http');
export const LOG = new Token<Logger>('labkeeper.log');
export const EVENTS = new Token<EventBus<EngineEvents>>('labkeeper.events');
export const REDACTOR = new Token<Redactor>('labkeeper.redactor');
export const EVIDENCE = new Token<EvidenceSource>('labkeeper.evidence');

/** The parts by name, for {@link createContainer}. */
export interface EngineParts {
  readonly clock: Clock;
  readonly storage: Storage;
  readonly scheduler: Scheduler;
  readonly http: HttpClient;
  readonly log: Logger;
  readonly events: EventBus<EngineEvents>;
  readonly redactor: Redactor;
  /** Looks up what alerts ask for when they begin to fire. Default: nothing. */
  readonly evidence?: EvidenceSource;
}
