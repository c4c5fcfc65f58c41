import type { BudgetOwner, Budgets } from './budgets.js';

/**
 * Tasks that are due and wait for a budget. Plugins take turns, so that a long queue of one delays no other. A task whose
 * target machine is busy steps aside until that machine is free and does not block the ones behind it.
 */
export class ReadyQueue<Task extends BudgetOwner> {
  readonly #byPlugin = new Map<string, Task[]>();
  readonly #waitingForHost = new Map<string, Task[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(task: Task): void {
    this.#size += 1;
    append(this.#byPlugin, task.plugin, task);
  }

  /** The next task for which there is a budget, taken out of the queue. */
  take(budgets: Budgets): Task | undefined {
    if (!budgets.hasTotal()) return undefined;
    for (const [plugin, tasks] of this.#byPlugin) {
      if (!budgets.hasPlugin(plugin)) continue;
      const task = this.#firstRunnable(tasks, budgets);
      // To the end of the line: the next turn is another plugin's.
      this.#byPlugin.delete(plugin);
      if (tasks.length > 0) this.#byPlugin.set(plugin, tasks);
      if (task) return task;
    }
    return undefined;
  }

  /** Lets one task that waited for the machine back into the queue. Call it whenever a run against the machine ends. */
  hostIsFree(host: string): void {
    const task = this.#waitingForHost.get(host)?.shift();
    if (!task) return;
    if (this.#waitingForHost.get(host)?.length === 0) this.#waitingForHost.delete(host);
    // In front: it has waited longest.
    const tasks = this.#byPlugin.get(task.plugin);
    if (tasks) tasks.unshift(task);
    else this.#byPlugin.set(task.plugin, [task]);
  }

  /** Takes a task out wherever it stands. A search, but only stopping asks for it. */
  remove(task: Task): void {
    const lists: (readonly [Map<string, Task[]>, string | undefined])[] = [
      [this.#byPlugin, task.plugin],
      [this.#waitingForHost, task.targetHost],
    ];
    for (const [map, key] of lists) {
      const tasks = key === undefined ? undefined : map.get(key);
      const index = tasks?.indexOf(task) ?? -1;
      if (!tasks || index < 0) continue;
      tasks.splice(index, 1);
      if (tasks.length === 0 && key !== undefined) map.delete(key);
      this.#size -= 1;
    }
  }

  #firstRunnable(tasks: Task[], budgets: Budgets): Task | undefined {
    for (let task = tasks.shift(); task; task = tasks.shift()) {
      if (budgets.hasHost(task.targetHost)) {
        this.#size -= 1;
        return task;
      }
      append(this.#waitingForHost, task.targetHost as string, task);
    }
    return undefined;
  }
}

function append<Task>(map: Map<string, Task[]>, key: string, task: Task): void {
  const tasks = map.get(key);
  if (tasks) tasks.push(task);
  else map.set(key, [task]);
}
