import type {
  Collection,
  CollectionDeclaration,
  IndexValue,
  Page,
  PutCondition,
  StoredRecord,
} from '../contract/storage.js';
import { LabkeeperError } from '../errors/labkeeper-error.js';
import { indexedValue } from './declaration.js';
import { cursorAfter, type ListPlan, type ListPosition, planList } from './list-plan.js';
import { recordJson } from './storable.js';

/** A record as kept: its JSON text, so that no caller can change what is stored. */
export interface KeptRecord {
  readonly json: string;
  readonly version: number;
}

/** What a collection works on. `write` goes through the store, which gives versions and remembers how to undo. */
export interface CollectionBacking {
  readonly records: ReadonlyMap<string, KeptRecord>;
  write(key: string, json: string | undefined): number;
  /** Runs `work` when it is this caller's turn. */
  inTurn<Result>(work: () => Result): Promise<Result>;
}

/** A record and its place in the order of a list. */
interface Ranked extends ListPosition {
  readonly kept: KeptRecord;
}

/** The collection face over maps: sorts at every list, which is fine for a reference. */
export function memoryCollection<Value>(
  declaration: CollectionDeclaration,
  backing: CollectionBacking,
): Collection<Value> {
  const { records, write, inTurn } = backing;
  const rank = (plan: ListPlan) => ranked(declaration, records, plan);
  return {
    get: (key) => inTurn(() => asRecord<Value>(key, records.get(key))),
    put: async (key, value, condition) => {
      const json = recordJson(declaration, key, value);
      return inTurn(() => put(declaration, backing, { key, json, condition }));
    },
    delete: (key) => inTurn(() => records.has(key) && write(key, undefined) > 0),
    list: async (query) => {
      const plan = planList(declaration, query);
      return inTurn(() => page<Value>(rank(plan), plan));
    },
    count: async (query) => {
      const plan = planList(declaration, query);
      return inTurn(() => rank(plan).length);
    },
    deleteWhere: async (query) => {
      const plan = planList(declaration, query);
      return inTurn(() => rank(plan).map(({ key }) => write(key, undefined)).length);
    },
  };
}

function put(
  declaration: CollectionDeclaration,
  backing: CollectionBacking,
  { key, json, condition }: { key: string; json: string; condition: PutCondition | undefined },
): number {
  const current = backing.records.get(key)?.version ?? 0;
  if (condition && condition.ifVersion !== current) {
    throw new LabkeeperError(
      'STORAGE_CONFLICT',
      `'${key}' in ${declaration.name} was changed in the meantime`,
      {
        found: `version ${current}`,
        allowed: `version ${condition.ifVersion}`,
      },
    );
  }
  return backing.write(key, json);
}

function asRecord<Value>(key: string, kept: KeptRecord | undefined): StoredRecord<Value> | undefined {
  return kept && { key, value: JSON.parse(kept.json) as Value, version: kept.version };
}

function ranked(
  declaration: CollectionDeclaration,
  records: ReadonlyMap<string, KeptRecord>,
  { index, equals, from, to, descending }: ListPlan,
): readonly Ranked[] {
  const rows: Ranked[] = [];
  for (const [key, kept] of records) {
    const order = index === undefined ? key : indexedValue(declaration, index, JSON.parse(kept.json));
    const isWithin =
      order !== undefined &&
      (equals === undefined || order === equals) &&
      (from === undefined || compareCodePoints(order, from) >= 0) &&
      (to === undefined || compareCodePoints(order, to) <= 0);
    if (isWithin) rows.push({ key, order, kept });
  }
  const direction = descending ? -1 : 1;
  return rows.sort((a, b) => direction * comparePositions(a, b));
}

function comparePositions(a: ListPosition, b: ListPosition): number {
  return compareCodePoints(a.order, b.order) || compareCodePoints(a.key, b.key);
}

/** JavaScript compares UTF-16 units, databases UTF-8 bytes; they differ beyond the basic plane. */
function compareCodePoints(a: IndexValue, b: IndexValue): number {
  if (typeof a === 'number' || typeof b === 'number') return a < b ? -1 : Number(a > b);
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function page<Value>(rows: readonly Ranked[], plan: ListPlan): Page<Value> {
  const { after, descending, limit } = plan;
  const direction = descending ? -1 : 1;
  const behind = after ? rows.filter((row) => direction * comparePositions(row, after) > 0) : rows;
  const shown = behind.slice(0, limit);
  const records = shown.map(({ key, kept }) => asRecord<Value>(key, kept) as StoredRecord<Value>);
  const last = shown.at(-1);
  return last && behind.length > limit ? { records, nextCursor: cursorAfter(plan, last) } : { records };
}
