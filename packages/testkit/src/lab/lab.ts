import {
  type Clock,
  type Collection,
  type CollectionDeclaration,
  type HttpClient,
  LabkeeperError,
  type PluginContext,
  type QueryClient,
  type RecordTransaction,
  type RunContext,
  type Storage,
} from '@labkeeper/core';
import { createRedactor, memoryStorage, type Redactor, systemClock } from '@labkeeper/core/runtime';
import { createHttpClient } from '@labkeeper/toolbox';
import { type RecordingLog, recordingLog } from './recording-log.js';

/** What a plugin would find around it in Labkeeper, real wherever it can be: HTTP, storage and redaction are the true ones. */
export interface Lab {
  readonly clock: Clock;
  readonly log: RecordingLog;
  readonly storage: Storage;
  readonly redactor: Redactor;
  /** The context of an instance of a plugin. */
  context<Options>(plugin: string, options: Options, signal: AbortSignal): PluginContext<Options>;
}

export interface LabParts {
  /** Default: the system's. Give a ManualClock to push time by hand. */
  readonly clock?: Clock;
  readonly http?: HttpClient;
  readonly storage?: Storage;
}

/** Sets up a lab for one test. Nothing in it needs to be closed. */
export function createLab(parts: LabParts = {}): Lab {
  const clock = parts.clock ?? systemClock();
  const storage = parts.storage ?? memoryStorage();
  const log = recordingLog();
  const redactor = createRedactor();
  return {
    clock,
    log,
    storage,
    redactor,
    context: (plugin, options, signal) => ({
      options,
      clock,
      log: log.child({ plugin }),
      secrets: redactor,
      signal,
      http: parts.http ?? createHttpClient({ clock, signal }),
      store: ownCollections(storage, plugin),
      query: queryOf(storage),
    }),
  };
}

/** The context of one run of an instance. */
export function runContext<Options, State>(
  context: PluginContext<Options>,
  state: State,
  timeoutMs: number,
): RunContext<Options, State> {
  return { ...context, state, timeoutMs };
}

/** As in the engine: a plugin names its collections without knowing of others. */
function ownCollections(storage: Storage, plugin: string): RecordTransaction {
  const prefix = plugin.replaceAll('-', '_');
  return {
    collection: <Value>(declaration: CollectionDeclaration): Collection<Value> =>
      storage.records.collection<Value>({ ...declaration, name: `${prefix}__${declaration.name}` }),
  };
}

function queryOf(storage: Storage): QueryClient {
  const unavailable = () =>
    Promise.reject(new LabkeeperError('QUERY_UNAVAILABLE', 'The lab has no PromQL; use query.select.'));
  return {
    select: (matchers, fromMs, toMs) => storage.samples.select(matchers, fromMs, toMs),
    instant: unavailable,
    range: unavailable,
  };
}
