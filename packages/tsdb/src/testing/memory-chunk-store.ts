import { LabkeeperError } from '@labkeeper/core';
import type {
  ChunkStore,
  NewPack,
  NumberedSeries,
  SealedSegments,
  StoreChange,
} from '../packs/chunk-store.js';

/** Everything that a store holds. */
interface Contents {
  readonly packs: Map<number, NewPack>;
  readonly series: Map<number, NumberedSeries>;
  sealed: SealedSegments | undefined;
}

/** A chunk store in memory that does what a test tells it. As in a database, a number that is there already is refused. */
export interface MemoryChunkStore extends ChunkStore {
  readonly packs: ReadonlyMap<number, NewPack>;
  readonly series: ReadonlyMap<number, NumberedSeries>;
  /** Commits that were asked for, the failed ones too. */
  readonly commits: number;
  /** How many packs were read, one by one. */
  readonly reads: number;
  /** How often room was asked to be given back. */
  readonly tidied: number;
  /** Which commits fail, by their number from 1 on. A failed one changes nothing. */
  failsAt: (commit: number) => boolean;
  /** Waited for before each commit and each reading: a test holds them up with it. */
  gate: (what: 'commit' | 'read') => Promise<void>;
  /** Changes the bytes of a pack in place. */
  damage(pack: number, change: (data: Uint8Array) => Uint8Array): void;
  /** What another process finds: commits that have ended, and none of those that are still to come. */
  survivors(): MemoryChunkStore;
}

const UNAVAILABLE = 'the database is not there';

export function memoryChunkStore(
  contents: Contents = { packs: new Map(), series: new Map(), sealed: undefined },
): MemoryChunkStore {
  const { packs, series } = contents;
  let [commits, reads, tidied] = [0, 0, 0];
  const store: MemoryChunkStore = {
    packs,
    series,
    get commits() {
      return commits;
    },
    get reads() {
      return reads;
    },
    get tidied() {
      return tidied;
    },
    failsAt: () => false,
    gate: async () => undefined,
    load: async () => ({
      series: [...series.values()],
      packs: [...packs.values()].map(({ data, ...info }) => ({ ...info, bytes: data.length })),
      ...(contents.sealed ? { sealed: contents.sealed } : {}),
    }),
    async read(ids) {
      await store.gate('read');
      reads += ids.length;
      return new Map(ids.flatMap((id) => (packs.has(id) ? [[id, (packs.get(id) as NewPack).data]] : [])));
    },
    async commit(change) {
      commits += 1;
      const isFailing = store.failsAt(commits);
      await store.gate('commit');
      if (isFailing) throw new LabkeeperError('STORAGE_UNAVAILABLE', UNAVAILABLE);
      apply(contents, change);
    },
    tidy: async () => void (tidied += 1),
    damage(id, change) {
      const pack = packs.get(id) as NewPack;
      packs.set(id, { ...pack, data: change(pack.data.slice()) });
    },
    survivors: () =>
      memoryChunkStore({ packs: new Map(packs), series: new Map(series), sealed: contents.sealed }),
  };
  return store;
}

/** All of a change, or nothing. */
function apply(contents: Contents, change: StoreChange): void {
  const [packs, series] = [new Map(contents.packs), new Map(contents.series)];
  for (const id of change.removedPacks ?? []) packs.delete(id);
  for (const id of change.removedSeries ?? []) series.delete(id);
  for (const one of change.addedSeries ?? []) addNew(series, one);
  for (const pack of change.addedPacks ?? []) addNew(packs, { ...pack, data: pack.data.slice() });
  // As a database does, through JSON.
  if (change.sealed) contents.sealed = JSON.parse(JSON.stringify(change.sealed)) as SealedSegments;
  replace(contents.packs, packs);
  replace(contents.series, series);
}

function addNew<Row extends { readonly id: number }>(rows: Map<number, Row>, row: Row): void {
  if (rows.has(row.id)) throw new LabkeeperError('STORAGE_UNAVAILABLE', `number ${row.id} is there already`);
  rows.set(row.id, row);
}

function replace<Value>(to: Map<number, Value>, from: ReadonlyMap<number, Value>): void {
  to.clear();
  for (const [id, value] of from) to.set(id, value);
}
