import type { Clock, Collection, CollectionDeclaration, RecordTransaction, Storage } from '@labkeeper/core';

/** Whether a process is alive. A dead one does nothing any more: its timers do not ring, its storage does not answer. */
export interface Life {
  isOver: boolean;
}

const forever = new Promise<never>(() => undefined);
const CHANGES: readonly string[] = ['put', 'delete', 'deleteWhere'];

/** A clock whose timers ring only for the living. */
export function mortalClock(clock: Clock, life: Life): Clock {
  return {
    now: () => clock.now(),
    monotonicMs: () => clock.monotonicMs(),
    setTimer: (callback, delayMs) => clock.setTimer(() => (life.isOver ? undefined : callback()), delayMs),
    sleep: async (delayMs, signal) => {
      await clock.sleep(delayMs, signal);
      if (life.isOver) await forever;
    },
  };
}

/** A storage that answers only the living. `step` is told before and after every change; it may end the life. */
export function mortalStorage(
  storage: Storage,
  life: Life,
  step: (when: 'before' | 'after') => void = () => undefined,
): Storage {
  const lively = async <Result>(work: () => Promise<Result>, isChange: boolean): Promise<Result> => {
    if (isChange && !life.isOver) step('before');
    if (life.isOver) return forever;
    const result = await work();
    if (isChange && !life.isOver) step('after');
    return life.isOver ? forever : result;
  };
  // What happens within a transaction happens at its end. One whose process has died is undone.
  const inside = <Value>(collection: Collection<Value>): Collection<Value> =>
    throughAll(collection, async (_, work) => {
      if (life.isOver) throw new Error('the process has died');
      return work();
    });
  return {
    health: () => storage.health(),
    close: () => storage.close(),
    samples: throughAll(storage.samples, (_, work) => lively(work, false)),
    records: {
      collection: <Value>(declaration: CollectionDeclaration) =>
        throughAll(storage.records.collection<Value>(declaration), (name, work) =>
          lively(work, CHANGES.includes(name)),
        ),
      transaction: (work) =>
        lively(() => storage.records.transaction((inner) => work(within(inner, inside))), true),
    },
  };
}

function within(
  transaction: RecordTransaction,
  wrap: <Value>(collection: Collection<Value>) => Collection<Value>,
): RecordTransaction {
  return {
    collection: <Value>(declaration: CollectionDeclaration) =>
      wrap(transaction.collection<Value>(declaration)),
  };
}

/** The same object with every call going through `around`. */
function throughAll<Face extends object>(
  face: Face,
  around: (name: string, work: () => Promise<unknown>) => Promise<unknown>,
): Face {
  return new Proxy(face, {
    get: (target, name) => {
      const method = target[name as keyof Face] as (...args: readonly unknown[]) => Promise<unknown>;
      return (...args: readonly unknown[]) => around(String(name), () => method.apply(target, args as never));
    },
  });
}
