import {
  type CollectionDeclaration,
  cursorAfter,
  type IndexValue,
  indexedValue,
  LabkeeperError,
  type ListPlan,
  type Page,
  type PutCondition,
  type StoredRecord,
} from '@labkeeper/core';
import type { Knex } from 'knex';
import type { WriteScope } from '../database/sql-database.js';
import { columnOf, tableOf } from './collection-tables.js';
import type { VersionCounter } from './version-counter.js';

interface RecordRow {
  readonly key: string;
  readonly value: string;
  readonly version: number;
  readonly order: IndexValue;
}

/** A record on its way in, already checked. */
export interface IncomingRecord {
  readonly key: string;
  readonly json: string;
  /** The value of each index, by its name. */
  readonly indexed: Readonly<Record<string, IndexValue | undefined>>;
  readonly condition: PutCondition | undefined;
}

/** The values of a record's indexes. Throws STORAGE_INVALID where one does not fit. */
export function indexedValues(declaration: CollectionDeclaration, value: unknown): IncomingRecord['indexed'] {
  const names = Object.keys(declaration.indexes ?? {});
  return Object.fromEntries(names.map((index) => [index, indexedValue(declaration, index, value)]));
}

export async function getRecord<Value>(
  sql: Knex,
  collection: string,
  key: string,
): Promise<StoredRecord<Value> | undefined> {
  const row = await sql<RecordRow>(tableOf(collection)).where({ key }).first('key', 'value', 'version');
  return row && asRecord<Value>(row);
}

export async function putRecord(
  scope: WriteScope,
  collection: string,
  { record, versions }: { record: IncomingRecord; versions: VersionCounter },
): Promise<number> {
  const { key, json, indexed, condition } = record;
  if (condition) await assertVersion(scope.sql, collection, { key, condition });
  const version = await versions.next(scope);
  const columns = Object.fromEntries(
    Object.entries(indexed).map(([index, value]) => [columnOf(index), value ?? null]),
  );
  await scope
    .sql(tableOf(collection))
    .insert({ key, value: json, version, ...columns })
    .onConflict('key')
    .merge();
  return version;
}

export async function deleteRecord({ sql }: WriteScope, collection: string, key: string): Promise<boolean> {
  return (await sql(tableOf(collection)).where({ key }).delete()) > 0;
}

export async function listRecords<Value>(
  sql: Knex,
  collection: string,
  plan: ListPlan,
): Promise<Page<Value>> {
  const { after, descending, limit } = plan;
  const column = orderColumn(plan);
  const direction = descending ? 'desc' : 'asc';
  const query = matching(sql, collection, plan).select<RecordRow[]>('key', 'value', 'version', {
    order: column,
  });
  if (after)
    query.whereRaw(`(??, ??) ${descending ? '<' : '>'} (?, ?)`, [column, 'key', after.order, after.key]);
  query.orderBy(column, direction).orderBy('key', direction);
  // One more than asked for tells whether there is another page.
  const rows = await query.limit(limit + 1);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const records = shown.map((row) => asRecord<Value>(row));
  return last && rows.length > limit ? { records, nextCursor: cursorAfter(plan, last) } : { records };
}

export async function countRecords(sql: Knex, collection: string, plan: ListPlan): Promise<number> {
  const row = await matching(sql, collection, plan).count<{ records: number }>({ records: '*' }).first();
  return Number(row?.records ?? 0);
}

export function deleteRecords({ sql }: WriteScope, collection: string, plan: ListPlan): Promise<number> {
  return Promise.resolve(matching(sql, collection, plan).delete());
}

function matching(sql: Knex, collection: string, plan: ListPlan): Knex.QueryBuilder {
  const column = orderColumn(plan);
  const query = sql(tableOf(collection));
  if (plan.index !== undefined) query.whereNotNull(column);
  if (plan.equals !== undefined) query.where(column, '=', plan.equals);
  if (plan.from !== undefined) query.where(column, '>=', plan.from);
  if (plan.to !== undefined) query.where(column, '<=', plan.to);
  return query;
}

function orderColumn({ index }: ListPlan): string {
  return index === undefined ? 'key' : columnOf(index);
}

async function assertVersion(
  sql: Knex,
  collection: string,
  { key, condition }: { key: string; condition: PutCondition },
): Promise<void> {
  const row = await sql<RecordRow>(tableOf(collection)).where({ key }).first('version');
  const current = row?.version ?? 0;
  if (condition.ifVersion === current) return;
  throw new LabkeeperError('STORAGE_CONFLICT', `'${key}' in ${collection} was changed in the meantime`, {
    found: `version ${current}`,
    allowed: `version ${condition.ifVersion}`,
  });
}

function asRecord<Value>({
  key,
  value,
  version,
}: Pick<RecordRow, 'key' | 'value' | 'version'>): StoredRecord<Value> {
  return { key, value: JSON.parse(value) as Value, version };
}
