import type { CollectionDeclaration, ListQuery, RecordStore, SampleBatch, Storage } from '@labkeeper/core';
import { memoryStorage } from '@labkeeper/core/runtime';
import { describe, expect, it } from 'vitest';
import { failedCases } from '../conformance/failed-cases.js';
import { failing, untestedCases, withCollections, withSamples } from './broken-storage.js';
import { durableStorageCases, type StorageFace } from './conform-storage.js';
import type { StorageSubject } from './storage-subject.js';

/** What is wrong, how it is made, and the case that must fail because of it. */
interface BrokenReopening {
  readonly what: string;
  readonly open: StorageSubject['open'];
  readonly face: StorageFace;
  readonly name: string;
}

const reopenBreaks: readonly BrokenReopening[] = [
  {
    what: 'records that are gone',
    open: async () => ({ storage: memoryStorage(), reopen: async () => memoryStorage() }),
    face: 'records',
    name: 'has the same records and versions after it was closed and opened',
  },
  {
    what: 'versions that begin again',
    open: async () => ({ storage: memoryStorage(), reopen: async () => memoryStorage() }),
    face: 'records',
    name: 'never gives a version again, not after opening either',
  },
  {
    what: 'a new index that is not filled from old records',
    open: async () => {
      const { storage } = reopenable();
      const keys = new Set<string>();
      const noting = withCollections((inner) => ({
        put: (key, ...rest) => {
          keys.add(key);
          return inner.put(key, ...rest);
        },
      }));
      const unfilled = withCollections((inner, { indexes }) => ({
        count: async (query) => (query?.index !== undefined && indexes ? 0 : inner.count(query)),
      }));
      return {
        storage: noting(withoutDeclarations(storage)),
        reopen: async () => unfilled(withoutDeclarations(storage)),
      };
    },
    face: 'records',
    name: 'fills a new index from the records that were there',
  },
  {
    what: 'an index that is kept as it was when it comes back',
    open: async () => {
      const { storage } = reopenable();
      return { storage: withoutDeclarations(storage), reopen: async () => withoutDeclarations(storage) };
    },
    face: 'records',
    name: 'drops an index that is no longer declared, and fills it again when it comes back',
  },
  {
    what: 'samples that are gone',
    open: async () => ({ storage: memoryStorage(), reopen: async () => memoryStorage() }),
    face: 'samples',
    name: 'has the same samples after it was closed and opened, bit for bit',
  },
  {
    what: 'deleted samples that come back',
    open: async () => {
      const { storage } = reopenable();
      const replayed: SampleBatch[] = [];
      const logging = withSamples((inner) => ({
        append: async (batch, options) => {
          replayed.push({
            ...batch,
            timesMs: Array.from(batch.timesMs),
            values: new Float64Array(batch.values),
          });
          return inner.append(batch, options);
        },
      }));
      const reopen = async () => {
        for (const batch of replayed) await storage.samples.append(batch);
        return logging(storage);
      };
      return { storage: logging(storage), reopen };
    },
    face: 'samples',
    name: 'does not bring deleted samples and series back',
  },
  {
    what: 'a store that works on after it was closed',
    open: async () => reopenable(),
    face: 'records',
    name: 'closes as often as asked, and refuses work after that',
  },
  {
    what: 'a close that leaves unfinished work behind',
    open: async () => {
      let isClosed = false;
      const { storage } = reopenable();
      const lossy = withCollections((inner) => ({
        put: async (...put) => {
          await new Promise((resolve) => setImmediate(resolve));
          return isClosed ? 0 : inner.put(...put);
        },
      }))(storage);
      const close = async () => {
        isClosed = true;
      };
      return { storage: { ...lossy, close }, reopen: async () => storage };
    },
    face: 'records',
    name: 'finishes what was begun before it closes',
  },
  {
    what: 'an index that stays what it was',
    open: async () => {
      const { storage } = reopenable();
      return { storage: withoutDeclarations(storage), reopen: async () => withoutDeclarations(storage) };
    },
    face: 'records',
    name: 'follows an index that changes from number to text',
  },
  {
    what: 'a series that is another one after opening',
    open: async () => {
      const { storage } = reopenable();
      let opened = 0;
      const reopen = async () => {
        opened += 1;
        const run = String(opened);
        const marked = withSamples((inner) => ({
          append: (batch) =>
            inner.append({
              ...batch,
              series: batch.series.map(({ name, labels }) => ({ name, labels: { ...labels, run } })),
            }),
        }));
        return marked(storage);
      };
      return { storage, reopen };
    },
    face: 'samples',
    name: 'goes on with a series that was there before',
  },
];

describe('the storage suite catches after opening again', () => {
  it.each(reopenBreaks)('$what', async ({ open, face, name }) => {
    expect(await failing(durableStorageCases[face], name, { open })).toEqual([name]);
  });

  it('a break of every single promise', () => {
    const tested = reopenBreaks.map(({ name }) => name);
    expect(untestedCases([...durableStorageCases.records, ...durableStorageCases.samples], tested)).toEqual(
      [],
    );
  });

  it('nothing in a store that only pretends to close, as far as samples go', async () => {
    expect(await failedCases(durableStorageCases.samples, { open: async () => reopenable() })).toEqual([]);
  });
});

/** Memory that can be closed and opened again: what a sound durable store looks like to the suite. */
function reopenable(): { storage: Storage; reopen: () => Promise<Storage> } {
  const memory = memoryStorage();
  return { storage: memory, reopen: async () => memory };
}

/** A store that forgets how its collections were declared, so that one memory can be declared anew. */
function withoutDeclarations(storage: Storage): Storage {
  const everyIndex = { rank: 'number', host: 'text' } as const;
  const collection = ((declaration: CollectionDeclaration) => {
    const plain = storage.records.collection<unknown>({ name: declaration.name });
    const find = async (query: ListQuery = {}) => {
      const { records } = await plain.list({ limit: 1_000 });
      return query.index === undefined
        ? records
        : records.filter(
            ({ value }) =>
              typeof (value as Record<string, unknown>)[query.index ?? ''] ===
              kindOf(everyIndex, query.index),
          );
    };
    return {
      ...plain,
      list: async (query: ListQuery) => ({ records: await find(query) }),
      count: async (query: ListQuery) => (await find(query)).length,
    };
  }) as unknown as RecordStore['collection'];
  return { ...storage, records: { ...storage.records, collection } };
}

function kindOf(indexes: Readonly<Record<string, string>>, index: string | undefined): string {
  return indexes[index ?? ''] === 'number' ? 'number' : 'string';
}
