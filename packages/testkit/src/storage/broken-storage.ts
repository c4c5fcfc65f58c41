import type { Collection, CollectionDeclaration, RecordStore, SampleStore, Storage } from '@labkeeper/core';
import { memoryStorage } from '@labkeeper/core/runtime';
import type { ConformanceCase } from '../conformance/conformance-case.js';
import { failedCases } from '../conformance/failed-cases.js';
import type { StorageSubject } from './storage-subject.js';

// Stores that break one promise each, for testing the storage suite itself.

export type AnyCollection = Collection<unknown>;
type CollectionBreak = (inner: AnyCollection, declaration: CollectionDeclaration) => Partial<AnyCollection>;

/** What is wrong, how it is made, and the case that must fail because of it. */
export type Broken = readonly [what: string, breakIt: (storage: Storage) => Storage, failing: string];

/** Records in which every collection, also those in transactions, is changed. */
export function withCollections(change: CollectionBreak): (storage: Storage) => Storage {
  const broken = (collection: RecordStore['collection']): RecordStore['collection'] =>
    ((declaration: CollectionDeclaration) => {
      const inner = collection<unknown>(declaration);
      return { ...inner, ...change(inner, declaration) };
    }) as RecordStore['collection'];
  return (storage) => ({
    ...storage,
    records: {
      collection: broken(storage.records.collection),
      transaction: (work) =>
        storage.records.transaction((transaction) => work({ collection: broken(transaction.collection) })),
    },
  });
}

export function withSamples(
  change: (inner: SampleStore) => Partial<SampleStore>,
): (storage: Storage) => Storage {
  return (storage) => ({ ...storage, samples: { ...storage.samples, ...change(storage.samples) } });
}

/** Memory with something broken. */
export function subject(breakIt: (storage: Storage) => Storage): StorageSubject {
  return { open: async () => ({ storage: breakIt(memoryStorage()) }) };
}

/** Runs the one case that must fail, and gives it back when it does. */
export async function failing(
  cases: readonly ConformanceCase<StorageSubject>[],
  name: string,
  broken: StorageSubject,
): Promise<readonly string[]> {
  const found = cases.find((one) => one.name === name);
  if (!found) throw new RangeError(`no case is called '${name}'`);
  return failedCases([found], broken);
}

/** Cases that no broken store is made for: nobody knows whether they can fail. */
export function untestedCases(
  cases: readonly ConformanceCase<StorageSubject>[],
  tested: readonly string[],
): readonly string[] {
  return cases.map(({ name }) => name).filter((name) => !tested.includes(name));
}
