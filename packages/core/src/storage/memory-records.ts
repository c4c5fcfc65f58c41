import type {
  Collection,
  CollectionDeclaration,
  RecordStore,
  RecordTransaction,
} from '../contract/storage.js';
import { assertDeclaration, assertSameDeclaration } from './declaration.js';
import { type CollectionBacking, type KeptRecord, memoryCollection } from './memory-collection.js';

type Undo = () => void;

/** Records in maps: the reference of the contract. Nothing survives the process. */
export function memoryRecords(): RecordStore {
  const tables = new Map<string, Map<string, KeptRecord>>();
  const declared = new Map<string, CollectionDeclaration>();
  let version = 0;
  let undoLog: Undo[] | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  const backingOf = (name: string, inTurn: CollectionBacking['inTurn']): CollectionBacking => {
    const records = tables.get(name) ?? new Map<string, KeptRecord>();
    tables.set(name, records);
    return {
      records,
      inTurn,
      write: (key, json) => {
        const before = records.get(key);
        undoLog?.push(() => (before ? records.set(key, before) : records.delete(key)));
        version += 1;
        if (json === undefined) records.delete(key);
        else records.set(key, { json, version });
        return version;
      },
    };
  };

  /** One piece of work after the other, so that nobody sees half a transaction. */
  const inTurn = <Result>(work: () => Result | Promise<Result>): Promise<Result> => {
    const turn = queue.then(work);
    queue = turn.catch(() => undefined);
    return turn;
  };

  const collectionIn =
    (turns: CollectionBacking['inTurn']) =>
    <Value>(declaration: CollectionDeclaration): Collection<Value> => {
      assertDeclaration(declaration);
      assertSameDeclaration(declared.get(declaration.name) ?? declaration, declaration);
      declared.set(declaration.name, declaration);
      return memoryCollection<Value>(declaration, backingOf(declaration.name, turns));
    };

  const transaction = <Result>(work: (transaction: RecordTransaction) => Promise<Result>): Promise<Result> =>
    inTurn(async () => {
      const log: Undo[] = [];
      undoLog = log;
      try {
        return await work({ collection: collectionIn(atOnce) });
      } catch (error) {
        for (const undo of log.reverse()) undo();
        throw error;
      } finally {
        undoLog = undefined;
      }
    });

  return { collection: collectionIn(inTurn), transaction };
}

/** Inside a transaction it is the caller's turn already. */
async function atOnce<Result>(work: () => Result): Promise<Result> {
  return work();
}
