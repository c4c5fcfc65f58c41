import type { ChunkStore, NewPack, PackInfo, StoreChange } from './chunk-store.js';

/** Which packs there are, in memory: some 150 bytes for each 48 KB. */
export class PackDirectory {
  readonly #packs = new Map<number, PackInfo>();
  #lastId = 0;
  /** A commit failed, and it may have taken effect all the same. */
  #isDoubtful = false;

  constructor(
    private readonly store: ChunkStore,
    packs: readonly PackInfo[],
  ) {
    for (const pack of packs) this.#add(pack);
  }

  all(): Iterable<PackInfo> {
    return this.#packs.values();
  }

  has(id: number): boolean {
    return this.#packs.has(id);
  }

  nextId = (): number => {
    this.#lastId += 1;
    return this.#lastId;
  };

  /** Packs of one resolution that hold anything between the times, oldest window first. Where two overlap, what settled is first, then what came first. */
  between(resolutionMs: number, fromMs: number, toMs: number): readonly PackInfo[] {
    const found: PackInfo[] = [];
    for (const pack of this.#packs.values()) {
      if (pack.resolutionMs === resolutionMs && pack.oldestMs <= toMs && pack.newestMs >= fromMs)
        found.push(pack);
    }
    return found.sort(inOrderOfArrival);
  }

  /** Changes the store, and then what is remembered of it. */
  async commit(change: StoreChange): Promise<void> {
    await this.reconcile();
    this.#isDoubtful = true;
    const added: PackInfo[] = [];
    await this.store.commit({ ...change, addedPacks: noted(change.addedPacks ?? [], added) });
    this.#isDoubtful = false;
    for (const id of change.removedPacks ?? []) this.#packs.delete(id);
    for (const pack of added) this.#add(pack);
  }

  /** After a commit whose outcome nobody knows: what the store has counts. Called before upkeep begins. */
  async reconcile(): Promise<void> {
    if (!this.#isDoubtful) return;
    const { packs } = await this.store.load();
    this.#packs.clear();
    for (const pack of packs) this.#add(pack);
    this.#isDoubtful = false;
  }

  #add(pack: PackInfo): void {
    this.#packs.set(pack.id, pack);
    this.#lastId = Math.max(this.#lastId, pack.id);
  }
}

/** The packs as they are asked for; what is known of them without their bytes goes into `added`. */
function* noted(packs: Iterable<NewPack>, added: PackInfo[]): Iterable<NewPack> {
  for (const pack of packs) {
    const { data: _, ...info } = pack;
    added.push(info);
    yield pack;
  }
}

/** By window; where two overlap, what settled is first, then what came first. */
export function inOrderOfArrival(a: PackInfo, b: PackInfo): number {
  return a.fromMs - b.fromMs || b.toMs - a.toMs || a.id - b.id;
}
