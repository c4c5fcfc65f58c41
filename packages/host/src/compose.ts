// The composition root: the only place that names implementations.
import { randomUUID } from 'node:crypto';
import type { Clock, Logger, Storage } from '@labkeeper/core';
import { createScheduler, type Redactor } from '@labkeeper/core/runtime';
import { createContainer, createEngine, type Engine } from '@labkeeper/engine';
import { createHttpClient } from '@labkeeper/toolbox';
import { type Api, createApi } from './api/index.js';
import type { LoadedConfig } from './config/load-config.js';
import type { HostState } from './host-state.js';
import { KeyStore } from './keys/key-store.js';
import { metricDescriptions } from './metric-descriptions.js';
import { uiFiles } from './ui-files.js';
import { hostVersion } from './version.js';

/** The system's monotonic clock counts from the start of the process. */
const PROCESS_START_MS = 0;

/** What the process brings along. */
export interface HostParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly redactor: Redactor;
  readonly dataDir: string;
  /** Value of LABKEEPER_ADMIN_KEY. */
  readonly presetKey: string | undefined;
  readonly state: HostState;
}

/** Everything that makes up a host, put together and not started. */
export interface Composed {
  readonly storage: Storage;
  readonly engine: Engine;
  readonly keys: KeyStore;
  readonly api: Api;
}

/** Opens the storage and builds everything on it. Throws what opening the storage throws, or KEY_INVALID. */
export async function compose(config: LoadedConfig, parts: HostParts): Promise<Composed> {
  const { clock, log, redactor, dataDir, presetKey, state } = parts;
  const storage = await config.storage.open({ dataDir, clock, log: log.child({ part: 'storage' }) });
  const http = createHttpClient({ clock });
  const engineLog = log.child({ part: 'engine' });
  const scheduler = createScheduler({ clock, log: engineLog, startedMonotonicMs: PROCESS_START_MS });
  const engine = createEngine(createContainer({ clock, storage, scheduler, http, redactor, log: engineLog }));
  const keys = new KeyStore({ records: storage.records, clock, secrets: redactor, presetKey });
  const api = await createApi({
    ...{ engine, storage, keys, redactor, clock, ...uiFiles() },
    log: log.child({ part: 'api' }),
    version: hostVersion(),
    bootId: randomUUID().slice(0, 8),
    settings: () => state.settings,
    phase: () => state.phase,
    problems: () => state.problems(),
    routes: config.routes,
    metricDescriptions: () => metricDescriptions(state.plan, engine),
  });
  return { storage, engine, keys, api };
}
