/** Something with a due time that knows its place in the heap, so that it can be taken out without a search. */
export interface HeapItem {
  dueMonotonicMs: number;
  /** Managed by the heap; -1 outside of it. */
  heapIndex: number;
}

/** Binary heap with the earliest item on top. Allocates nothing per operation; an item is in it at most once. */
export class DueHeap<Item extends HeapItem> {
  readonly #items: Item[] = [];

  get size(): number {
    return this.#items.length;
  }

  /** The earliest item, still in the heap. */
  peek(): Item | undefined {
    return this.#items[0];
  }

  /** Puts an item in, or moves it after its due time has changed. */
  push(item: Item): void {
    if (item.heapIndex < 0) {
      item.heapIndex = this.#items.length;
      this.#items.push(item);
    }
    this.#sift(item);
  }

  /** Takes an item out; nothing happens when it is not in. */
  remove(item: Item): void {
    const index = item.heapIndex;
    if (index < 0) return;
    const last = this.#items.pop() as Item;
    item.heapIndex = -1;
    if (last === item) return;
    this.#items[index] = last;
    last.heapIndex = index;
    this.#sift(last);
  }

  #sift(item: Item): void {
    this.#siftUp(item);
    this.#siftDown(item);
  }

  #siftUp(item: Item): void {
    let index = item.heapIndex;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.#items[parentIndex] as Item;
      if (parent.dueMonotonicMs <= item.dueMonotonicMs) break;
      this.#place(parent, index);
      index = parentIndex;
    }
    this.#place(item, index);
  }

  #siftDown(item: Item): void {
    let index = item.heapIndex;
    for (;;) {
      const child = this.#earlierChild(index);
      if (!child || child.dueMonotonicMs >= item.dueMonotonicMs) break;
      const childIndex = child.heapIndex;
      this.#place(child, index);
      index = childIndex;
    }
    this.#place(item, index);
  }

  #earlierChild(index: number): Item | undefined {
    const left = this.#items[2 * index + 1];
    const right = this.#items[2 * index + 2];
    if (!left || !right) return left;
    return right.dueMonotonicMs < left.dueMonotonicMs ? right : left;
  }

  #place(item: Item, index: number): void {
    this.#items[index] = item;
    item.heapIndex = index;
  }
}
