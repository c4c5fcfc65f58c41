import {
  type CollectionDeclaration,
  LabkeeperError,
  type ListQuery,
  type RecordStore,
  type RecordTransaction,
  type Storage,
} from '@labkeeper/core';
import { describe, expect, it } from 'vitest';
import {
  type AnyCollection,
  type Broken,
  failing,
  subject,
  untestedCases,
  withCollections,
} from './broken-storage.js';
import { storageCases } from './conform-storage.js';

type Work = (transaction: RecordTransaction) => Promise<unknown>;

const recordBreaks: readonly Broken[] = [
  [
    'a put that keeps nothing',
    withCollections(() => ({ put: async () => 1 })),
    'gives back what was put, with the version that put told',
  ],
  [
    'a delete that does nothing',
    withCollections((inner) => ({ delete: async (key) => (await inner.get(key)) !== undefined })),
    'removes a record from everywhere when it is deleted',
  ],
  [
    'a delete that always says yes',
    withCollections((inner) => ({ delete: async (key) => (await inner.delete(key)) || true })),
    'has nothing under a key that was never put',
  ],
  [
    'a put that merges into what was there',
    withCollections((inner) => ({
      put: async (key, value, condition) => {
        const before = await inner.get(key);
        return inner.put(key, mergedObject(before?.value, value), condition);
      },
    })),
    'replaces the whole value when a key is put again, with a higher version',
  ],
  [
    'a value that is read only after a while',
    withCollections((inner) => ({
      put: async (key, value, condition) => {
        await Promise.resolve();
        return inner.put(key, value, condition);
      },
    })),
    'copies values in: a change after the call of put changes nothing stored',
  ],
  [
    'a cache that gives out the same object',
    withCollections(cached),
    'copies values out: a change of what get gave changes nothing stored',
  ],
  [
    'keys that are trimmed',
    withCollections((inner) => ({
      get: (key) => inner.get(key.trim()),
      put: (key, ...rest) => inner.put(key.trim(), ...rest),
    })),
    'keeps odd keys and odd indexed texts apart, and finds each',
  ],
  [
    'keys without regard to case',
    withCollections((inner) => ({
      get: (key) => inner.get(key.toLowerCase()),
      put: (key, ...rest) => inner.put(key.toLowerCase(), ...rest),
    })),
    'keeps odd keys and odd indexed texts apart, and finds each',
  ],
  [
    'long keys that are cut',
    withCollections((inner) => ({
      put: (key, ...rest) => inner.put(Array.from(key).slice(0, 128).join('') || '-', ...rest),
    })),
    'refuses keys that some store could not keep, and has nothing under them',
  ],
  [
    'values that are no JSON and are taken all the same',
    withCollections((inner) => ({
      put: (key, value, condition) => inner.put(key, value ?? null, condition),
    })),
    'refuses values that are no JSON or do not fit an index, and keeps what was there',
  ],
  [
    'a version that repeats',
    withCollections((inner) => ({ put: async (...put) => (await inner.put(...put)) && 1 })),
    'gives versions that grow with every change, over all collections',
  ],
  [
    'a version for each record instead of the store',
    withCollections(versionsOfTheirOwn()),
    'gives versions that grow with every change, over all collections',
  ],
  [
    'conditions that are ignored',
    withCollections((inner) => ({ put: (key, value) => inner.put(key, value) })),
    'puts under a condition only while the version is the same',
  ],
  [
    'a conflict that is swallowed',
    withCollections((inner) => ({ put: (...put) => inner.put(...put).catch(() => 1) })),
    'puts under a condition only while the version is the same',
  ],
  [
    'a condition that is checked too early',
    withCollections((inner) => ({
      put: async (key, value, condition) => {
        const record = await inner.get(key);
        return inner.put(
          key,
          value,
          condition && condition.ifVersion === record?.version ? undefined : condition,
        );
      },
    })),
    'lets exactly one of many conditional puts at the same time win',
  ],
  [
    'puts that overtake each other',
    withCollections((inner) => {
      let calls = 0;
      return {
        put: async (...put) => {
          if (calls++ % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
          return inner.put(...put);
        },
      };
    }),
    'keeps every one of many puts at the same time, in the order of the calls',
  ],
  [
    'collections that are told apart by the beginning of their names',
    (storage) => {
      const collection = ((declaration: CollectionDeclaration) =>
        storage.records.collection({
          ...declaration,
          name: declaration.name.split('_')[0] ?? '',
        })) as RecordStore['collection'];
      return { ...storage, records: { ...storage.records, collection } };
    },
    'keeps collections apart, also those whose names begin alike',
  ],
  [
    'names that are cleaned instead of refused',
    (storage) => {
      const collection = ((declaration: CollectionDeclaration) =>
        storage.records.collection({
          ...declaration,
          name: `x${declaration.name}`.replace(/[^a-z0-9]/g, '').slice(0, 48),
        })) as RecordStore['collection'];
      return { ...storage, records: { ...storage.records, collection } };
    },
    'refuses declarations that no store could keep',
  ],
  [
    'an order by UTF-16 units',
    withCollections((inner) => ({
      list: async (query) => {
        const page = await inner.list(query);
        return { ...page, records: [...page.records].sort((a, b) => (a.key < b.key ? -1 : 1)) };
      },
    })),
    'lists by key in the order of code points, whatever the collation',
  ],
  [
    'an order that ignores descending',
    withCollections((inner) => ({ list: (query) => inner.list({ ...query, order: 'ascending' }) })),
    'lists by an index, ties by key, and descending as the exact reverse',
  ],
  [
    'ties in the order of their arrival',
    withCollections((inner) => ({
      list: async (query) => {
        const page = await inner.list(query);
        const index = query?.index;
        if (index === undefined || query?.order !== 'descending') return page;
        const rank = (value: unknown) => (value as Record<string, number | string>)[index] as number | string;
        const records = [...page.records]
          .reverse()
          .sort((a, b) => (rank(a.value) < rank(b.value) ? 1 : rank(a.value) > rank(b.value) ? -1 : 0));
        return { ...page, records };
      },
    })),
    'lists by an index, ties by key, and descending as the exact reverse',
  ],
  [
    'numbers that are ordered as texts',
    withCollections((inner) => ({
      list: async (query) => {
        const page = await inner.list(query);
        return { ...page, records: [...page.records].sort((a, b) => (a.key < b.key ? -1 : 1)) };
      },
    })),
    'orders numbers as numbers',
  ],
  [
    'bounds that are exclusive',
    withCollections((inner) => ({
      list: async (query) => {
        const page = await inner.list(query);
        return {
          ...page,
          records: page.records.filter(({ key }) => query?.index !== undefined || key !== query?.to),
        };
      },
    })),
    'takes bounds as inclusive, on keys, texts and numbers',
  ],
  [
    'a cursor that repeats the last record',
    withCollections((inner) => ({
      list: async (query) => {
        const page = await inner.list(query);
        const first = query?.cursor === undefined ? undefined : page.records[0];
        return first ? { ...page, records: [first, ...page.records] } : page;
      },
    })),
    'turns pages: every record once, in order, the last page without a cursor',
  ],
  [
    'a cursor that never ends',
    withCollections((inner) => ({
      list: async (query) => {
        const page = await inner.list(query);
        return page.nextCursor === undefined && query?.cursor !== undefined
          ? { ...page, nextCursor: query.cursor }
          : page;
      },
    })),
    'turns pages: every record once, in order, the last page without a cursor',
  ],
  [
    'a last page that promises another',
    withCollections((inner) => ({
      list: async (query) => {
        const page = await inner.list({ ...query, limit: Math.max(1, (query?.limit ?? 100) - 1) });
        return page;
      },
    })),
    'turns pages: every record once, in order, the last page without a cursor',
  ],
  [
    'a cursor that counts records',
    withCollections(offsetCursors),
    'goes on at the right place though records come and go between two pages',
  ],
  [
    'a list without a limit',
    withCollections((inner) => ({
      list: async (query) => {
        const records = (await inner.list({ ...query, limit: 1_000 })).records;
        return { records };
      },
    })),
    'gives 100 records unless asked for more, and never more than 1000',
  ],
  [
    'a foreign cursor that starts from the beginning',
    withCollections((inner) => ({
      list: (query) =>
        inner.list(query).catch(() => inner.list({ ...query, cursor: undefined } as unknown as ListQuery)),
    })),
    'refuses cursors that it has not given for this order',
  ],
  [
    'an unknown index that is ignored',
    withCollections((inner, { indexes = {} }) => ({
      list: (query) => inner.list(query?.index !== undefined && !(query.index in indexes) ? {} : query),
    })),
    'refuses queries that do not fit the declaration',
  ],
  [
    'a count that ignores its bounds',
    withCollections((inner) => ({
      count: (query) => inner.count(query?.index === undefined ? {} : { index: query.index }),
    })),
    'counts and deletes exactly what a list without a limit would show',
  ],
  [
    'a deletion that keeps to the limit of a page',
    withCollections((inner) => ({
      deleteWhere: async (query) => {
        const [first] = (await inner.list(query)).records;
        return first && (await inner.delete(first.key)) ? 1 : 0;
      },
    })),
    'counts and deletes exactly what a list without a limit would show',
  ],
  [
    'a transaction that does not roll back',
    (storage) => ({
      ...storage,
      records: {
        ...storage.records,
        transaction: (work) => work({ collection: storage.records.collection }),
      },
    }),
    'undoes everything when the work rejects, and rejects with the same error',
  ],
  [
    'transactions that run side by side',
    (storage) => ({
      ...storage,
      records: {
        ...storage.records,
        transaction: (work) => work({ collection: storage.records.collection }),
      },
    }),
    'runs transactions one after the other: none loses what another counted',
  ],
  [
    'a transaction that is never kept',
    (storage) => ({
      ...storage,
      records: {
        ...storage.records,
        transaction: async (work) => {
          let result: unknown;
          const undo = new Error('undo');
          await storage.records
            .transaction(async (transaction) => {
              result = await work(transaction);
              throw undo;
            })
            .catch((error: unknown) => {
              if (error !== undo) throw error;
            });
          return result as never;
        },
      },
    }),
    'keeps everything that a transaction did, in all collections, and gives its result',
  ],
  [
    'a transaction whose error is replaced',
    (storage) => ({
      ...storage,
      records: {
        ...storage.records,
        transaction: (work) =>
          storage.records.transaction(work).catch(() => {
            throw new Error('the transaction failed');
          }),
      },
    }),
    'undoes everything when the work rejects, and rejects with the same error',
  ],
  [
    'a transaction that does not see its own changes',
    (storage) => ({
      ...storage,
      records: {
        ...storage.records,
        transaction: (work) => {
          const later: (() => Promise<unknown>)[] = [];
          const collection = ((declaration: CollectionDeclaration) => {
            const inner = storage.records.collection<unknown>(declaration);
            return {
              ...inner,
              put: async (...put: Parameters<AnyCollection['put']>) => later.push(() => inner.put(...put)),
            };
          }) as RecordStore['collection'];
          return work({ collection }).then(async (result) => {
            for (const change of later) await change();
            return result;
          });
        },
      },
    }),
    'sees its own changes in every way of reading',
  ],
  [
    'health that is never well',
    (storage) => ({ ...storage, health: async () => ({ problem: 'none, really' }) }),
    'is well while it is open',
  ],
  [
    'a text that ends at its first NUL',
    withCollections((inner) => ({
      put: (key, value, condition) =>
        inner.put(key, JSON.parse(JSON.stringify(value).replaceAll('\\u0000', '')), condition),
    })),
    'keeps every kind of JSON value',
  ],
  [
    'a version that begins again with a record',
    withCollections(versionsPerLife),
    'a record that was deleted and put again does not meet its old version',
  ],
  [
    'a table for each way of declaring',
    (storage) => {
      const collection = (({ name, ...rest }: CollectionDeclaration) =>
        storage.records.collection({
          ...rest,
          name: `${name}_${JSON.stringify(rest).length}`,
        })) as RecordStore['collection'];
      return { ...storage, records: { ...storage.records, collection } };
    },
    'refuses a collection that is declared again with other indexes',
  ],
  [
    'an index in which every record stands',
    withCollections((inner) => ({
      count: (query) => inner.count(query?.index !== undefined && !('from' in query) ? {} : query),
    })),
    'leaves records without a value out of an index, null and missing alike',
  ],
  [
    'a NaN that becomes 0',
    withCollections((inner) => ({
      put: (key, value, condition) =>
        inner.put(key, JSON.parse(JSON.stringify(value).replaceAll('null', '0')), condition),
    })),
    'leaves a number that JSON cannot say out of an index',
  ],
  [
    'an index that keeps old values',
    withCollections(staleIndex),
    'moves a record in an index when its value changes, and takes it out when it goes',
  ],
  [
    'bounds that hold on the first page only',
    withCollections((inner) => ({
      list: ({ from, to, ...query } = {}) =>
        inner.list(query.cursor === undefined ? ({ ...query, from, to } as ListQuery) : query),
    })),
    'keeps to the bounds on every page',
  ],
  [
    'a transaction that everybody sees',
    withTransactions(sideBySide),
    'shows nobody a transaction before it is kept',
  ],
  [
    'puts that come late',
    withCollections((inner) => ({
      put: async (...put) => {
        await new Promise((resolve) => setImmediate(resolve));
        return inner.put(...put);
      },
    })),
    'keeps the order of puts and transactions that were begun one after the other',
  ],
  [
    'versions of undone puts that are given again',
    reusedVersions,
    'goes on after a failed transaction, and gives none of its versions again',
  ],
  [
    'a conflict that poisons its transaction',
    withTransactions((records, work) =>
      records.transaction(async (transaction) => {
        let poison: Error | undefined;
        const put = (inner: AnyCollection) => ({
          put: (...given: Parameters<AnyCollection['put']>) =>
            inner.put(...given).catch((error: unknown) => {
              poison = error as Error;
              throw error;
            }),
        });
        const result = await work({ collection: changed(transaction.collection, put) });
        if (poison !== undefined) throw poison;
        return result;
      }),
    ),
    'lets the work go on after a conflict that it caught',
  ],
  [
    'a conflict within a transaction that is swallowed',
    withTransactions((records, work) =>
      records.transaction((transaction) =>
        work({
          collection: changed(transaction.collection, (inner) => ({
            put: (...given) => inner.put(...given).catch(() => 0),
          })),
        }),
      ),
    ),
    'undoes the whole transaction when a conflict is not caught',
  ],
  [
    'a collection that is lost with the transaction that declared it',
    lostCollections,
    'can use a collection that a failed transaction was the first to declare',
  ],
  [
    'a condition that is checked before others have had their turn',
    withTransactions((records, work) =>
      records.transaction((transaction) =>
        work({ collection: changed(transaction.collection, checkedEarly) }),
      ),
    ),
    'checks conditions one after the other also within a transaction',
  ],
  [
    'a list of two pages at most',
    withCollections((inner) => ({
      list: async (query) => {
        const page = await inner.list(query);
        return query?.cursor === undefined ? page : { records: page.records };
      },
    })),
    'agrees with a simple model over random changes of records',
  ],
];

describe('the storage suite catches in records', () => {
  it.each(recordBreaks)('%s', async (_, breakIt, name) => {
    expect(await failing(storageCases.records, name, subject(breakIt))).toEqual([name]);
  });

  it('a break of every single promise', () => {
    expect(
      untestedCases(
        storageCases.records,
        recordBreaks.map(([, , name]) => name),
      ),
    ).toEqual([]);
  });
});

function mergedObject(before: unknown, value: unknown): unknown {
  const areObjects =
    typeof before === 'object' && typeof value === 'object' && before !== null && value !== null;
  return areObjects ? { ...before, ...value } : value;
}

function cached(inner: AnyCollection): Partial<AnyCollection> {
  const cache = new Map<string, Awaited<ReturnType<AnyCollection['get']>>>();
  return {
    get: async (key) => {
      const known = cache.get(key) ?? (await inner.get(key));
      cache.set(key, known);
      return known;
    },
    put: (key, ...rest) => {
      cache.delete(key);
      return inner.put(key, ...rest);
    },
  };
}

function versionsOfTheirOwn(): (inner: AnyCollection) => Partial<AnyCollection> {
  return (inner) => {
    let version = 0;
    return {
      put: async (key, value) => {
        await inner.put(key, value);
        version += 1;
        return version;
      },
    };
  };
}

function offsetCursors(inner: AnyCollection): Partial<AnyCollection> {
  return {
    list: async ({ cursor, limit = 100, ...query } = {}) => {
      const offset = Number(cursor ?? 0);
      const { records } = await inner.list({ ...query, limit: 1_000 });
      const shown = records.slice(offset, offset + limit);
      return offset + limit < records.length
        ? { records: shown, nextCursor: String(offset + limit) }
        : { records: shown };
    },
  };
}

function changed(
  collection: RecordStore['collection'],
  change: (inner: AnyCollection) => Partial<AnyCollection>,
): RecordStore['collection'] {
  return ((declaration: CollectionDeclaration) => {
    const inner = collection<unknown>(declaration);
    return { ...inner, ...change(inner) };
  }) as RecordStore['collection'];
}

function withTransactions(
  run: (records: RecordStore, work: Work) => Promise<unknown>,
): (storage: Storage) => Storage {
  return (storage) => {
    const transaction = ((work: Work) => run(storage.records, work)) as RecordStore['transaction'];
    return { ...storage, records: { ...storage.records, transaction } };
  };
}

/** No transaction at all. */
function sideBySide({ collection }: RecordStore, work: Work): Promise<unknown> {
  return work({ collection });
}

function versionsPerLife(inner: AnyCollection): Partial<AnyCollection> {
  const versions = new Map<string, number>();
  return {
    put: async (key, value, condition) => {
      const current = versions.get(key) ?? 0;
      if (condition && condition.ifVersion !== current)
        throw new LabkeeperError('STORAGE_CONFLICT', 'changed');
      versions.set(key, current + 1);
      await inner.put(key, value);
      return current + 1;
    },
    delete: (key) => {
      versions.delete(key);
      return inner.delete(key);
    },
  };
}

function staleIndex(inner: AnyCollection): Partial<AnyCollection> {
  const hosts: { readonly key: string; readonly host: unknown }[] = [];
  return {
    put: (key, value, condition) => {
      hosts.push({ key, host: (value as { host?: unknown }).host });
      return inner.put(key, value, condition);
    },
    list: async (query) => {
      if (query?.index !== 'host' || query.equals === undefined) return inner.list(query);
      const found = hosts.filter(({ host }) => host === query.equals).map(({ key }) => inner.get(key));
      return { records: (await Promise.all(found)).filter((record) => record !== undefined) };
    },
  };
}

function reusedVersions(storage: Storage): Storage {
  let undone = 0;
  const { collection, transaction } = storage.records;
  const shifted = (inner: AnyCollection) => ({
    put: async (...given: Parameters<AnyCollection['put']>) => (await inner.put(...given)) - undone,
  });
  const run = async (_: RecordStore, work: Work) => {
    let puts = 0;
    const counted = (inner: AnyCollection) => ({
      put: async (...given: Parameters<AnyCollection['put']>) => {
        puts += 1;
        return (await inner.put(...given)) - undone;
      },
    });
    try {
      return await transaction((inside) => work({ collection: changed(inside.collection, counted) }));
    } catch (error) {
      undone += puts;
      throw error;
    }
  };
  return withTransactions(run)({
    ...storage,
    records: { transaction, collection: changed(collection, shifted) },
  });
}

function lostCollections(storage: Storage): Storage {
  const lost = new Set<string>();
  const { collection, transaction } = storage.records;
  const guarded = ((declaration: CollectionDeclaration) => {
    if (lost.has(declaration.name)) throw new Error(`no such table: ${declaration.name}`);
    return collection(declaration);
  }) as RecordStore['collection'];
  const run = async (_: RecordStore, work: Work) => {
    const names = new Set<string>();
    const noting = (inside: RecordTransaction) =>
      ((declaration: CollectionDeclaration) => {
        names.add(declaration.name);
        return inside.collection(declaration);
      }) as RecordStore['collection'];
    try {
      return await transaction((inside) => work({ collection: noting(inside) }));
    } catch (error) {
      for (const name of names) lost.add(name);
      throw error;
    }
  };
  return withTransactions(run)({ ...storage, records: { transaction, collection: guarded } });
}

function checkedEarly(inner: AnyCollection): Partial<AnyCollection> {
  return {
    put: async (key, value, condition) => {
      const current = (await inner.get(key))?.version ?? 0;
      if (condition && condition.ifVersion !== current)
        throw new LabkeeperError('STORAGE_CONFLICT', 'changed');
      await new Promise((resolve) => setImmediate(resolve));
      return inner.put(key, value);
    },
  };
}
