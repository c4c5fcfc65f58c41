import assert from 'node:assert/strict';
import type { Collection, ListQuery, RecordStore, SampleStore, Series } from '@labkeeper/core';
import type { ConformanceCase } from '../conformance/conformance-case.js';
import { type RandomNumbers, randomNumbers } from './random-numbers.js';
import { ALL_TIME, batchOf, byInstance, is, STALENESS_BITS, type TestRow } from './sample-batches.js';
import { type StorageSubject, storeCase } from './storage-subject.js';

/** Each seed is another story; the same seed tells the same again. */
const SEEDS = [1, 2, 3, 4];
const STEPS = 120;

interface Item {
  readonly tag?: string | null;
  readonly rank?: number;
}

/** The simplest thing that behaves as a collection should. */
type RecordModel = Map<string, Item>;

const ITEMS = { name: 'items', indexes: { tag: 'text', rank: 'number' } } as const;
const KEYS = ['a', 'b', 'c', 'd', 'ä', '😀', 'A', 'aa'];
const TAGS = ['x', 'y', 'X', '😀', null, undefined];

/** Random stories, compared step by step with a simple model. A failure names the seed and what was done last. */
export const recordModelCase: ConformanceCase<StorageSubject> = storeCase(
  'agrees with a simple model over random changes of records',
  async ({ records }) => {
    for (const seed of SEEDS) await replay(seed, (random, note) => recordStory(records, random, note));
  },
);

/** See {@link recordModelCase}. */
export const sampleModelCase: ConformanceCase<StorageSubject> = storeCase(
  'agrees with a simple model over random appends and deletions of samples',
  async ({ samples }) => {
    for (const seed of SEEDS) await replay(seed, (random, note) => sampleStory(samples, random, note));
  },
);

async function replay(
  seed: number,
  story: (random: RandomNumbers, note: (step: string) => void) => Promise<void>,
): Promise<void> {
  const steps: string[] = [];
  try {
    await story(randomNumbers(seed), (step) => steps.push(step));
  } catch (error) {
    throw new Error(`seed ${seed}, after ${steps.slice(-8).join('; ')}`, { cause: error });
  }
}

async function recordStory(
  records: RecordStore,
  random: RandomNumbers,
  note: (step: string) => void,
): Promise<void> {
  const items = records.collection<Item>(ITEMS);
  await items.deleteWhere({});
  const model: RecordModel = new Map();
  for (let step = 0; step < STEPS; step++) {
    if (random.below(8) === 0) await transactionStep(records, model, { random, note });
    else await changeStep(items, model, { random, note });
    await assertAlike(items, model, randomQuery(random));
  }
}

interface Telling {
  readonly random: RandomNumbers;
  readonly note: (step: string) => void;
}

async function changeStep(
  items: Collection<Item>,
  model: RecordModel,
  { random, note }: Telling,
): Promise<void> {
  const key = random.pick(KEYS);
  const kind = random.below(10);
  if (kind < 6) {
    const tag = random.pick(TAGS);
    const item: Item = {
      ...(tag === undefined ? {} : { tag }),
      ...(random.below(3) === 0 ? {} : { rank: random.below(5) - 2 }),
    };
    note(`put ${key} ${JSON.stringify(item)}`);
    await items.put(key, item);
    model.set(key, item);
  } else if (kind < 9) {
    note(`delete ${key}`);
    assert.equal(await items.delete(key), model.delete(key));
  } else {
    const query = randomQuery(random);
    note(`deleteWhere ${JSON.stringify(query)}`);
    const doomed = modelKeys(model, query);
    assert.equal(await items.deleteWhere(query), doomed.length);
    for (const gone of doomed) model.delete(gone);
  }
}

/** Several changes at once, of which half are undone. */
async function transactionStep(
  records: RecordStore,
  model: RecordModel,
  { random, note }: Telling,
): Promise<void> {
  const inside: RecordModel = new Map(model);
  const isKept = random.below(2) === 0;
  note(isKept ? 'transaction {' : 'undone transaction {');
  const undone = new Error('undone');
  const running = records.transaction(async (transaction) => {
    const items = transaction.collection<Item>(ITEMS);
    for (let change = random.below(4); change >= 0; change--)
      await changeStep(items, inside, { random, note });
    if (!isKept) throw undone;
  });
  await running.catch((error: unknown) => assert.equal(error, undone));
  note('}');
  if (!isKept) return;
  model.clear();
  for (const [key, item] of inside) model.set(key, item);
}

function randomQuery(random: RandomNumbers): ListQuery {
  const order = random.pick(['ascending', 'descending'] as const);
  const limit = 1 + random.below(4);
  switch (random.below(4)) {
    case 0:
      return { order, limit };
    case 1:
      return { order, limit, from: random.pick(KEYS) };
    case 2:
      return {
        order,
        limit,
        index: 'tag',
        ...(random.below(2) === 0 ? { equals: 'x' } : { from: 'X', to: 'y' }),
      };
    default:
      return { order, limit, index: 'rank', from: random.below(3) - 2, to: random.below(3) };
  }
}

async function assertAlike(items: Collection<Item>, model: RecordModel, query: ListQuery): Promise<void> {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await items.list({ ...query, ...(cursor === undefined ? {} : { cursor }) });
    for (const { key, value } of page.records) {
      assert.deepEqual(value, model.get(key));
      found.push(key);
    }
    cursor = page.nextCursor;
    assert.ok(found.length <= KEYS.length, 'no record is listed twice');
  } while (cursor !== undefined);
  assert.deepEqual(found, modelKeys(model, query), JSON.stringify(query));
  assert.equal(await items.count(query), found.length);
}

function modelKeys(model: RecordModel, { index, equals, from, to, order }: ListQuery): string[] {
  const rows = [...model].flatMap(([key, item]) => {
    const value = index === undefined ? key : item[index as keyof Item];
    return value === undefined || value === null ? [] : [{ key, value }];
  });
  const kept = rows.filter(
    ({ value }) =>
      (equals === undefined || value === equals) &&
      (from === undefined || compare(value, from) >= 0) &&
      (to === undefined || compare(value, to) <= 0),
  );
  kept.sort((a, b) => compare(a.value, b.value) || compare(a.key, b.key));
  return (order === 'descending' ? kept.reverse() : kept).map(({ key }) => key);
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}

/** Times that meet: within a window, over several, before the epoch. */
const TIMES = [-7_200_000, -1, 0, 1, 999_999, 1_799_999, 1_800_000, 1_800_001, 3_600_000, 90_000_000];
const VALUES = [0, -0, 1, 0.1, Number.NaN, Number.POSITIVE_INFINITY, STALENESS_BITS];

async function sampleStory(
  samples: SampleStore,
  random: RandomNumbers,
  note: (step: string) => void,
): Promise<void> {
  const fleet = ['a', 'b', 'c'].map((instance): Series => ({ name: 'level', labels: { instance } }));
  await samples.delete([is('__name__', 'level')], ...ALL_TIME);
  const model = new Map<string, Map<number, bigint>>();
  for (let step = 0; step < STEPS / 2; step++) {
    if (random.below(6) > 0) {
      const rows = Array.from(
        { length: 1 + random.below(6) },
        (): TestRow => [random.pick(fleet), random.pick(TIMES), random.pick(VALUES)],
      );
      note(`append ${rows.map(([{ labels }, timeMs]) => `${labels.instance}@${timeMs}`).join(' ')}`);
      await samples.append(batchOf(rows), { backfill: true });
      remember(model, rows);
    } else {
      const [instance, fromMs, toMs] = [random.pick(['a', 'b', 'c']), random.pick(TIMES), random.pick(TIMES)];
      note(`delete ${instance} ${fromMs} to ${toMs}`);
      assert.equal(
        await samples.delete([is('instance', instance)], fromMs, toMs),
        forget(model, instance, { fromMs, toMs }),
      );
    }
    await assertSamplesAlike(samples, model, [random.pick(TIMES), random.pick(TIMES)]);
  }
}

function remember(model: Map<string, Map<number, bigint>>, rows: readonly TestRow[]): void {
  for (const [row, [{ labels }, timeMs]] of rows.entries()) {
    const instance = labels.instance as string;
    const kept = model.get(instance) ?? new Map<number, bigint>();
    const bits = new BigUint64Array((batchOf([rows[row] as TestRow]).values as Float64Array).buffer);
    if (!kept.has(timeMs)) kept.set(timeMs, bits[0] as bigint);
    model.set(instance, kept);
  }
}

function forget(
  model: Map<string, Map<number, bigint>>,
  instance: string,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): number {
  const kept = model.get(instance) ?? new Map<number, bigint>();
  const doomed = [...kept.keys()].filter((timeMs) => timeMs >= fromMs && timeMs <= toMs);
  for (const timeMs of doomed) kept.delete(timeMs);
  if (kept.size === 0) model.delete(instance);
  return doomed.length;
}

async function assertSamplesAlike(
  samples: SampleStore,
  model: ReadonlyMap<string, ReadonlyMap<number, bigint>>,
  [fromMs, toMs]: readonly [number, number],
): Promise<void> {
  const found = await samples.select([is('__name__', 'level')], fromMs, toMs);
  const seen = byInstance(found);
  assert.deepEqual(seen, modelSpan(model, fromMs, toMs), `select from ${fromMs} to ${toMs}`);
  const latest = await samples.latest([is('__name__', 'level')], fromMs);
  const newest = byInstance(latest);
  assert.deepEqual(newest, newestOf(modelSpan(model, fromMs, ALL_TIME[1])), `latest since ${fromMs}`);
  assert.equal((await samples.series([])).length, model.size);
}

type Span = Readonly<Record<string, { timesMs: number[]; bits: bigint[] }>>;

function modelSpan(
  model: ReadonlyMap<string, ReadonlyMap<number, bigint>>,
  fromMs: number,
  toMs: number,
): Span {
  const spans = [...model].map(([instance, kept]) => {
    const within = [...kept]
      .filter(([timeMs]) => timeMs >= fromMs && timeMs <= toMs)
      .sort(([a], [b]) => a - b);
    return [
      instance,
      { timesMs: within.map(([timeMs]) => timeMs), bits: within.map(([, bits]) => bits) },
    ] as const;
  });
  return Object.fromEntries(spans.filter(([, { timesMs }]) => timesMs.length > 0));
}

function newestOf(span: Span): Span {
  return Object.fromEntries(
    Object.entries(span).map(([instance, { timesMs, bits }]) => [
      instance,
      { timesMs: timesMs.slice(-1), bits: bits.slice(-1) },
    ]),
  );
}
