import type {
  Clock,
  CollectionDeclaration,
  HttpClient,
  Logger,
  PluginContext,
  QueryClient,
  RecordStore,
  RecordTransaction,
  RunContext,
} from '@labkeeper/core';
import type { Redactor } from '@labkeeper/core/runtime';
import type { InstanceBase } from '../plan/plan.js';

/** What contexts are made from. */
export interface ContextParts {
  readonly clock: Clock;
  readonly http: HttpClient;
  readonly log: Logger;
  readonly redactor: Redactor;
  readonly records: RecordStore;
  readonly query: QueryClient;
}

/** Everything one instance may reach. `signal` ends with the instance. */
export function instanceContext(
  instance: InstanceBase,
  parts: ContextParts,
  signal: AbortSignal,
): PluginContext<unknown> {
  return {
    options: instance.options,
    http: boundHttp(parts.http, signal),
    log: parts.log.child({ plugin: instance.plugin, instance: instance.id }),
    clock: parts.clock,
    secrets: parts.redactor,
    store: pluginStore(instance.plugin, parts.records),
    query: parts.query,
    signal,
  };
}

/** What a run adds to the context of its instance. */
export interface RunFacts {
  readonly state: unknown;
  readonly timeoutMs: number;
  /** Its signal is read only when the plugin asks: making one costs more than all the rest. */
  readonly run: { readonly signal: AbortSignal };
  readonly client: HttpClient;
}

/** The context of one run. Made for every run, so it copies nothing and builds what is expensive only when asked. */
export function runContext(base: PluginContext<unknown>, facts: RunFacts): RunContext<unknown, unknown> {
  let http: HttpClient | undefined;
  return {
    options: base.options,
    log: base.log,
    clock: base.clock,
    secrets: base.secrets,
    store: base.store,
    query: base.query,
    state: facts.state,
    timeoutMs: facts.timeoutMs,
    get signal() {
      return facts.run.signal;
    },
    get http() {
      http ??= boundHttp(facts.client, facts.run.signal);
      return http;
    },
  };
}

/** The client with every request ended by the signal too. */
function boundHttp(client: HttpClient, signal: AbortSignal): HttpClient {
  return {
    request: (request) =>
      client.request({
        ...request,
        signal: request.signal ? AbortSignal.any([request.signal, signal]) : signal,
      }),
  };
}

/** The plugin's own collections: their names begin with the plugin's. For contexts of every kind. */
export function pluginStore(plugin: string, records: RecordStore): RecordTransaction {
  const prefix = `${plugin.replaceAll('-', '_')}__`;
  return {
    collection: <Value>(declaration: CollectionDeclaration) =>
      records.collection<Value>({ ...declaration, name: prefix + declaration.name }),
  };
}
