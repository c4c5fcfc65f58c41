import type {
  Check,
  Collector,
  Contribution,
  Fault,
  Notifier,
  Observations,
  Plugin,
  PluginContext,
  RunContext,
  Target,
  TSchema,
  Verdict,
} from '@labkeeper/core';
import { resolveOptions } from '@labkeeper/core/runtime';
import { describePlugin } from './describe-plugin.js';
import type { HostMethods, IsolatedKind, PluginDescription, RunParams, ThreadMethods } from './protocol.js';
import type { Rpc } from './rpc.js';
import { threadContext } from './thread-context.js';

type AnyContribution = Contribution<TSchema, unknown>;

/** An instance that runs here. */
interface Instance {
  readonly kind: IsolatedKind;
  readonly contribution: AnyContribution;
  readonly context: PluginContext<unknown>;
  readonly stopping: AbortController;
  state: unknown;
}

/** The plugin inside its thread. */
export class ThreadPlugin {
  readonly description: PluginDescription;
  readonly #plugin: Plugin;
  readonly #host: Rpc<HostMethods>;
  readonly #instances = new Map<number, Instance>();
  readonly #runs = new Map<number, AbortController>();

  constructor(plugin: Plugin, host: Rpc<HostMethods>) {
    this.#plugin = plugin;
    this.#host = host;
    this.description = describePlugin(plugin);
  }

  validate({ kind, name, options }: Parameters<ThreadMethods['validate']>[0]): readonly Fault[] {
    const contribution = this.#find(kind, name);
    return contribution.validate?.(resolveOptions(contribution.options, options) as never) ?? [];
  }

  target({ kind, name, options }: Parameters<ThreadMethods['target']>[0]): Target | undefined {
    const contribution = this.#find(kind, name);
    const target = (contribution as Partial<Pick<Check, 'target'>>).target;
    return target?.call(contribution, resolveOptions(contribution.options, options) as never);
  }

  async start({ instance, kind, name, options }: Parameters<ThreadMethods['start']>[0]): Promise<void> {
    const contribution = this.#find(kind, name);
    const stopping = new AbortController();
    const resolved: unknown = resolveOptions(contribution.options, options);
    const context = await threadContext({
      instance,
      host: this.#host,
      options: resolved,
      signal: stopping.signal,
    });
    const state = await contribution.start?.(context as never);
    this.#instances.set(instance, { kind, contribution, context, stopping, state });
  }

  async run({ instance, run, timeoutMs, message }: RunParams): Promise<Observations | Verdict | undefined> {
    const { kind, contribution, context, stopping, state } = this.#instance(instance);
    const deadline = new AbortController();
    this.#runs.set(run, deadline);
    const signal = AbortSignal.any([stopping.signal, deadline.signal]);
    const runContext: RunContext<unknown, unknown> = { ...context, state, timeoutMs, signal };
    try {
      if (kind === 'collectors') return await (contribution as Collector).collect(runContext as never);
      if (kind === 'checks') return await (contribution as Check).check(runContext as never);
      if (message) await (contribution as Notifier).notify(message, runContext as never);
      return undefined;
    } finally {
      this.#runs.delete(run);
    }
  }

  async listen({ instance }: { instance: number }): Promise<void> {
    const { contribution, context, state } = this.#instance(instance);
    await (contribution as Notifier).listen?.({ ...context, state } as never, (command) =>
      this.#host.call('receive', { instance, command }),
    );
  }

  abort({ run, reason }: { run: number; reason: string }): void {
    this.#runs.get(run)?.abort(new Error(reason));
  }

  async stop({ instance }: { instance: number }): Promise<void> {
    const found = this.#instances.get(instance);
    this.#instances.delete(instance);
    found?.stopping.abort(new Error('The instance is stopped.'));
    await found?.contribution.stop?.(found.state);
  }

  #find(kind: IsolatedKind, name: string): AnyContribution {
    const list = (this.#plugin[kind] ?? []) as readonly AnyContribution[];
    const found = list.find((contribution) => contribution.name === name);
    if (!found) throw new Error(`The plugin has no ${kind} named ${name}.`);
    return found;
  }

  #instance(id: number): Instance {
    const instance = this.#instances.get(id);
    if (!instance) throw new Error('The instance is not started.');
    return instance;
  }
}
