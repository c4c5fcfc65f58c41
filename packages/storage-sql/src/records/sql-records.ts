import {
  assertDeclaration,
  assertSameDeclaration,
  type Collection,
  type CollectionDeclaration,
  isRecordKey,
  planList,
  type RecordStore,
  type RecordTransaction,
  recordJson,
  TurnQueue,
} from '@labkeeper/core';
import type { Knex } from 'knex';
import type { SqlDatabase, WriteScope } from '../database/sql-database.js';
import {
  countRecords,
  deleteRecord,
  deleteRecords,
  getRecord,
  indexedValues,
  listRecords,
  putRecord,
} from './collection-statements.js';
import type { CollectionTables } from './collection-tables.js';
import { GroupCommit } from './group-commit.js';
import type { VersionCounter } from './version-counter.js';

/** How a collection reaches the database: on its own, or within a transaction. */
interface Access {
  read<Result>(work: (sql: Knex) => Promise<Result>): Promise<Result>;
  change<Result>(work: (scope: WriteScope) => Promise<Result>): Promise<Result>;
}

/** Records in SQL: a table for each collection, one writer, changes of one moment in one commit. */
export class SqlRecords implements RecordStore {
  readonly #declared = new Map<string, CollectionDeclaration>();
  readonly #groups: GroupCommit;

  constructor(
    private readonly database: SqlDatabase,
    private readonly parts: { readonly tables: CollectionTables; readonly versions: VersionCounter },
  ) {
    this.#groups = new GroupCommit(database);
  }

  collection = <Value>(declaration: CollectionDeclaration): Collection<Value> => {
    this.#declare(declaration);
    const { tables } = this.parts;
    const change: Access['change'] = (work) =>
      this.#groups.change(async (scope) => {
        await tables.prepare(scope, declaration);
        return work(scope);
      });
    const read: Access['read'] = async (work) => {
      if (!tables.isReady(declaration)) await change(async () => undefined);
      return this.database.read(work);
    };
    return this.#face<Value>(declaration, { read, change });
  };

  transaction = <Result>(work: (transaction: RecordTransaction) => Promise<Result>): Promise<Result> => {
    this.#groups.close();
    return this.database.write('synced', async (scope) => {
      const turns = new TurnQueue();
      const result = await work({
        collection: (declaration) => this.#collectionWithin(scope, turns, declaration),
      });
      // What was begun and not awaited belongs to the transaction all the same.
      await turns.drained();
      return result;
    });
  };

  #collectionWithin<Value>(
    scope: WriteScope,
    turns: TurnQueue,
    declaration: CollectionDeclaration,
  ): Collection<Value> {
    this.#declare(declaration);
    // Calls side by side would see each other's half-done work: a version that is checked, but not put yet.
    const change: Access['change'] = (work) =>
      turns.run(async () => {
        await this.parts.tables.prepare(scope, declaration);
        return work(scope);
      });
    return this.#face<Value>(declaration, { change, read: (work) => change(({ sql }) => work(sql)) });
  }

  #declare(declaration: CollectionDeclaration): void {
    assertDeclaration(declaration);
    assertSameDeclaration(this.#declared.get(declaration.name) ?? declaration, declaration);
    this.#declared.set(declaration.name, declaration);
  }

  #face<Value>(declaration: CollectionDeclaration, { read, change }: Access): Collection<Value> {
    const { name } = declaration;
    const { versions } = this.parts;
    return {
      get: async (key) => (isRecordKey(key) ? read((sql) => getRecord<Value>(sql, name, key)) : undefined),
      put: async (key, value, condition) => {
        const json = recordJson(declaration, key, value);
        const record = { key, json, indexed: indexedValues(declaration, value), condition };
        return change((scope) => putRecord(scope, name, { record, versions }));
      },
      delete: async (key) => isRecordKey(key) && change((scope) => deleteRecord(scope, name, key)),
      list: async (query) => {
        const plan = planList(declaration, query);
        return read((sql) => listRecords<Value>(sql, name, plan));
      },
      count: async (query) => {
        const plan = planList(declaration, query);
        return read((sql) => countRecords(sql, name, plan));
      },
      deleteWhere: async (query) => {
        const plan = planList(declaration, query);
        return change((scope) => deleteRecords(scope, name, plan));
      },
    };
  }
}
