import { LabkeeperError, type Logger, type PluginContext, type Secrets } from '@labkeeper/core';
import type { IsolatedInstance } from './isolated-instance.js';
import { COLLECTION_METHODS, type HostMethods } from './protocol.js';

/** What a thread may ask of the host. Each instance reaches what its own context offers, and nothing else. */
export function hostMethods(
  instances: ReadonlyMap<number, IsolatedInstance>,
  {
    log,
    secrets,
    packageName,
  }: { readonly log: Logger; readonly secrets: Secrets; readonly packageName: string },
): HostMethods {
  const instanceOf = (id: number): IsolatedInstance => {
    const instance = instances.get(id);
    if (!instance) throw new LabkeeperError('NOT_FOUND', 'The instance is stopped.');
    return instance;
  };
  const contextOf = (id: number): PluginContext<unknown> => instanceOf(id).context;
  return {
    protect: ({ text }) => {
      secrets.protect(text);
    },
    log: ({ instance, level, message, fields }) => {
      const target = instances.get(instance)?.context.log ?? log.child({ plugin: packageName });
      target[level](message, fields);
    },
    store: async ({ instance, declaration, method, args }) => {
      if (!COLLECTION_METHODS.includes(method))
        throw new LabkeeperError('STORAGE_INVALID', `No method ${String(method)}.`);
      const collection = contextOf(instance).store.collection(declaration);
      return await (collection[method] as (...each: readonly unknown[]) => Promise<unknown>).call(
        collection,
        ...args,
      );
    },
    query: async ({ instance, method, args }) => {
      const { query } = contextOf(instance);
      return await (query[method] as (...each: readonly unknown[]) => Promise<unknown>).call(query, ...args);
    },
    receive: async ({ instance, command }) => {
      const { receive } = instanceOf(instance);
      if (!receive) throw new LabkeeperError('NOT_FOUND', 'Nobody receives.');
      return await receive(command);
    },
  };
}
