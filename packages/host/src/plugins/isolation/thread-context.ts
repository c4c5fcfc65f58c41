import type {
  Collection,
  CollectionDeclaration,
  LogFields,
  Logger,
  PluginContext,
  QueryClient,
  RecordTransaction,
} from '@labkeeper/core';
import { systemClock } from '@labkeeper/core/runtime';
import { COLLECTION_METHODS, type HostMethods, type LogMethod, type QueryMethod } from './protocol.js';
import type { Rpc } from './rpc.js';

export interface ThreadContextParts {
  readonly instance: number;
  readonly host: Rpc<HostMethods>;
  readonly options: unknown;
  readonly signal: AbortSignal;
}

/** A plugin's context inside its thread: time and HTTP of its own, everything else by messages to the host. */
export async function threadContext(parts: ThreadContextParts): Promise<PluginContext<unknown>> {
  const { instance, host, options, signal } = parts;
  const { createHttpClient } = await import('@labkeeper/toolbox');
  const clock = systemClock();
  return {
    options,
    signal,
    clock,
    http: createHttpClient({ clock }),
    log: threadLog(host, instance, {}),
    secrets: {
      protect: (text) => {
        host.send('protect', { text });
        return text;
      },
    },
    store: threadStore(host, instance),
    query: threadQuery(host, instance),
  };
}

function threadLog(host: Rpc<HostMethods>, instance: number, bound: LogFields): Logger {
  const write =
    (level: LogMethod) =>
    (message: string, fields: LogFields = {}) =>
      host.send('log', { instance, level, message, fields: { ...bound, ...fields } });
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => threadLog(host, instance, { ...bound, ...fields }),
  };
}

function threadStore(host: Rpc<HostMethods>, instance: number): RecordTransaction {
  return {
    collection<Value>(declaration: CollectionDeclaration): Collection<Value> {
      const methods = COLLECTION_METHODS.map((method) => [
        method,
        (...args: readonly unknown[]) => host.call('store', { instance, declaration, method, args }),
      ]);
      return Object.fromEntries(methods) as Collection<Value>;
    },
  };
}

function threadQuery(host: Rpc<HostMethods>, instance: number): QueryClient {
  const ask =
    (method: QueryMethod) =>
    (...args: readonly unknown[]) =>
      host.call('query', { instance, method, args });
  return { select: ask('select'), instant: ask('instant'), range: ask('range') } as QueryClient;
}
