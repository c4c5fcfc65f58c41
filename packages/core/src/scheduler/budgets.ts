/** How many runs may go on at once. */
export interface SchedulerLimits {
  /** In all. Bounds memory and sockets when everything is slow. */
  readonly total: number;
  /** Of one plugin; less than `total`, so that a plugin that hangs leaves room for the others. */
  readonly perPlugin: number;
  /** Against one machine, so that checking it is no load test. */
  readonly perHost: number;
}

/**
 * 256 runs of 50 kB are 13 MB, and at 2,500 runs a second of 20 ms each only 50 go on at once. Half for one plugin.
 * At a limit runs wait in a queue and start later, which shows as lateness.
 */
export const DEFAULT_LIMITS: SchedulerLimits = { total: 256, perPlugin: 128, perHost: 16 };

/** Whose budgets a run uses. */
export interface BudgetOwner {
  readonly plugin: string;
  readonly targetHost?: string | undefined;
}

/** Counts who is running. */
export class Budgets {
  #total = 0;
  readonly #byPlugin = new Map<string, number>();
  readonly #byHost = new Map<string, number>();

  constructor(readonly limits: SchedulerLimits) {}

  get running(): number {
    return this.#total;
  }

  hasTotal(): boolean {
    return this.#total < this.limits.total;
  }

  hasPlugin(plugin: string): boolean {
    return (this.#byPlugin.get(plugin) ?? 0) < this.limits.perPlugin;
  }

  hasHost(host: string | undefined): boolean {
    return host === undefined || (this.#byHost.get(host) ?? 0) < this.limits.perHost;
  }

  take({ plugin, targetHost }: BudgetOwner): void {
    this.#total += 1;
    change(this.#byPlugin, plugin, 1);
    if (targetHost !== undefined) change(this.#byHost, targetHost, 1);
  }

  /** What others need is given back at the deadline; the plugin keeps paying for what hangs. */
  releaseShared({ targetHost }: BudgetOwner): void {
    this.#total -= 1;
    if (targetHost !== undefined) change(this.#byHost, targetHost, -1);
  }

  releasePlugin({ plugin }: BudgetOwner): void {
    change(this.#byPlugin, plugin, -1);
  }
}

function change(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
