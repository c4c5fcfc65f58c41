import {
  type Collection,
  type CollectionDeclaration,
  LabkeeperError,
  type RecordTransaction,
  type Storage,
} from '@labkeeper/core';
import { memoryStorage } from '@labkeeper/core/runtime';

/** What a test wants to know before each step that changes records; throwing makes the step fail. */
export type BeforeChange = (step: 'transaction' | 'put' | 'delete') => void | Promise<void>;

const CHANGES = { put: 'put', delete: 'delete', deleteWhere: 'delete' } as const;

/** A storage that asks before every change of a record. Samples go through unasked. */
function guardedStorage(inner: Storage, before: BeforeChange): Storage {
  const guarded = <Value>(collection: Collection<Value>): Collection<Value> =>
    new Proxy(collection, {
      get(target, name: keyof Collection<Value> & string) {
        const method = target[name] as (...args: readonly unknown[]) => Promise<unknown>;
        const step = CHANGES[name as keyof typeof CHANGES];
        return async (...args: readonly unknown[]) => {
          if (step) await before(step);
          return method.apply(target, args as never);
        };
      },
    });
  const within = (transaction: RecordTransaction): RecordTransaction => ({
    collection: <Value>(declaration: CollectionDeclaration) =>
      guarded(transaction.collection<Value>(declaration)),
  });
  return {
    ...inner,
    records: {
      ...within(inner.records),
      transaction: async (work) => {
        await before('transaction');
        return inner.records.transaction((transaction) => work(within(transaction)));
      },
    },
  };
}

/** Counts what is written. */
export function countingStorage(inner = memoryStorage()): {
  storage: Storage;
  writes: { records: number; transactions: number };
} {
  const writes = { records: 0, transactions: 0 };
  const storage = guardedStorage(inner, (step) => {
    if (step === 'transaction') writes.transactions += 1;
    else writes.records += 1;
  });
  return { storage, writes };
}

/** Refuses changes while `isAway`. */
export function unreliableStorage(inner = memoryStorage()): {
  storage: Storage;
  control: { isAway: boolean };
} {
  const control = { isAway: false };
  const fail = () => {
    if (control.isAway) throw new LabkeeperError('STORAGE_UNAVAILABLE', 'the disk is full');
  };
  const guarded = guardedStorage(inner, fail);
  const append: Storage['samples']['append'] = async (batch, options) => {
    fail();
    return inner.samples.append(batch, options);
  };
  return { storage: { ...guarded, samples: { ...inner.samples, append } }, control };
}
