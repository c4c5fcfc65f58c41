import type { Observations } from '@labkeeper/core';
import type {
  ChannelInstance,
  CheckInstance,
  CollectorInstance,
  InstanceBase,
  Plan,
  PlanChange,
} from '../plan/plan.js';
import type { PluginInstance } from './plugin-instance.js';
import type { Runner } from './runner.js';

/** Makes the runner of each kind. */
export interface RunnerFactory {
  collector(definition: CollectorInstance): Runner;
  check(definition: CheckInstance): Runner;
  channel(definition: ChannelInstance): Runner;
}

interface Entry {
  readonly definition: InstanceBase;
  readonly runner: Runner;
}

/** What a plan asks for, held against what runs. Ids. */
export interface PlanDifference extends PlanChange {
  readonly wanted: ReadonlyMap<string, { readonly definition: InstanceBase; readonly make: () => Runner }>;
}

/** The instances at work. */
export class InstanceSet {
  readonly #entries = new Map<string, Entry>();

  constructor(private readonly factory: RunnerFactory) {}

  /** What has to be stopped and started to make the plan true. Equal digests stay as they are. */
  difference({ collectors, checks, channels }: Plan): PlanDifference {
    const { factory } = this;
    const wanted = new Map([
      ...collectors.map((definition) => entry(definition, () => factory.collector(definition))),
      ...checks.map((definition) => entry(definition, () => factory.check(definition))),
      ...channels.map((definition) => entry(definition, () => factory.channel(definition))),
    ]);
    const isKept = (id: string) =>
      wanted.get(id)?.definition.digest === this.#entries.get(id)?.definition.digest;
    const running = [...this.#entries.keys()];
    return {
      wanted,
      kept: running.filter((id) => wanted.has(id) && isKept(id)),
      stopped: running.filter((id) => !wanted.has(id) || !isKept(id)),
      started: [...wanted.keys()].filter((id) => !this.#entries.has(id) || !isKept(id)),
    };
  }

  /** Stops these instances, all at once, so that the slowest one decides how long it takes. */
  async stop(ids: readonly string[], graceMs: number): Promise<void> {
    const entries = ids.flatMap((id) => this.#entries.get(id) ?? []);
    for (const id of ids) this.#entries.delete(id);
    await Promise.all(entries.map(({ runner }) => runner.stop(graceMs)));
  }

  /** Makes what the plan asks for and is not there yet. What comes back starts it. */
  add({ wanted, started }: PlanDifference): () => void {
    const runners: Runner[] = [];
    for (const id of started) {
      const found = wanted.get(id);
      if (!found) continue;
      const runner = found.make();
      this.#entries.set(id, { definition: found.definition, runner });
      runners.push(runner);
    }
    return () => {
      for (const runner of runners) runner.start();
    };
  }

  stopAll(graceMs: number): Promise<void> {
    return this.stop([...this.#entries.keys()], graceMs);
  }

  /** Runs a collector of the plan now. Undefined when there is none of that name. */
  collect(name: string): Promise<Observations> | undefined {
    return this.#entries.get(`collect/${name}`)?.runner.observeNow?.();
  }

  instances(): readonly PluginInstance[] {
    return [...this.#entries.values()].map(({ runner }) => runner.instance);
  }
}

function entry(definition: InstanceBase, make: () => Runner) {
  return [definition.id, { definition, make }] as const;
}
