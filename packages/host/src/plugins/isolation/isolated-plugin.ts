import {
  type Check,
  type Collector,
  type Fault,
  LabkeeperError,
  type Notifier,
  type Observations,
  type Plugin,
  type PluginContext,
  type Secrets,
  type Target,
  type Verdict,
} from '@labkeeper/core';
import { hostMethods } from './host-methods.js';
import { IsolatedInstance } from './isolated-instance.js';
import { PluginWorker, type PluginWorkerParts } from './plugin-worker.js';
import type { ContributionDescription, IsolatedKind } from './protocol.js';
import { revealSecrets } from './reveal-secrets.js';
import { unpackSchema } from './schema-transfer.js';

export interface IsolatedPluginParts extends Omit<PluginWorkerParts, 'host'> {
  readonly secrets: Secrets;
}

/** A plugin whose code runs in a thread. To the engine its contributions look like any others. */
export interface IsolatedPlugin {
  readonly plugin: Plugin;
  readonly inlineOnly: readonly string[];
  validate(kind: IsolatedKind, name: string, options: unknown): Promise<readonly Fault[]>;
  target(kind: IsolatedKind, name: string, options: unknown): Promise<Target | undefined>;
  close(): Promise<void>;
}

/** Starts the thread and imports the plugin in it. Rejects with what the import threw, or ISOLATION_CRASHED. */
export async function isolatePlugin(parts: IsolatedPluginParts): Promise<IsolatedPlugin> {
  const instances = new Map<number, IsolatedInstance>();
  const worker = new PluginWorker({ ...parts, host: hostMethods(instances, parts) });
  const { contributions, inlineOnly, ...identity } = await worker.describe().catch(async (error: unknown) => {
    await worker.close();
    throw error;
  });
  const proxies = (kind: IsolatedKind) =>
    contributions.filter((each) => each.kind === kind).map((each) => proxyOf(each, worker, instances));
  return {
    plugin: {
      ...identity,
      collectors: proxies('collectors') as Collector[],
      checks: proxies('checks') as Check[],
      notifiers: proxies('notifiers') as Notifier[],
    },
    inlineOnly,
    validate: (kind, name, options) =>
      worker.call('validate', { kind, name, options: revealSecrets(options) }),
    target: (kind, name, options) => worker.call('target', { kind, name, options: revealSecrets(options) }),
    close: () => worker.close(),
  };
}

function proxyOf(
  { kind, listens, options, ...data }: ContributionDescription,
  worker: PluginWorker,
  instances: Map<number, IsolatedInstance>,
): unknown {
  const start = async (context: PluginContext<unknown>): Promise<IsolatedInstance> => {
    const instance = new IsolatedInstance(worker, { kind, name: data.name }, context);
    instances.set(instance.id, instance);
    await instance.start().catch((error: unknown) => {
      instances.delete(instance.id);
      throw error;
    });
    return instance;
  };
  const stop = async (instance: IsolatedInstance): Promise<void> => {
    await instance.stop();
    instances.delete(instance.id);
  };
  return { ...data, options: unpackSchema(options), start, stop, ...functionsOf(kind, listens) };
}

function functionsOf(kind: IsolatedKind, listens: boolean): Partial<Collector & Check & Notifier> {
  if (kind === 'collectors') {
    return { collect: async (context) => (await instanceOf(context).run(context)) as Observations };
  }
  if (kind === 'checks') {
    return {
      target: unknownTarget,
      check: async (context) => (await instanceOf(context).run(context)) as Verdict,
    };
  }
  const listen: Notifier['listen'] = async (context, receive) => await instanceOf(context).listen(receive);
  return {
    notify: async (message, context) => {
      await instanceOf(context).run(context, message);
    },
    ...(listens ? { listen } : {}),
  };
}

function instanceOf(context: { readonly state: unknown }): IsolatedInstance {
  return context.state as IsolatedInstance;
}

/** The host asks the thread beforehand and hands the engine the answer; a question that cannot wait has none. */
function unknownTarget(): Target {
  throw new LabkeeperError('INTERNAL', 'The target of an isolated check is asked for through its plugin.');
}
