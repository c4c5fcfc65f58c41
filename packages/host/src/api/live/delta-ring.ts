import type { Delta } from './delta.js';

/**
 * How much a client may have missed and still be brought up to date. At 50 changes a second, a thousand checks every
 * 20 s, it is 200 s. Whoever was away for longer reloads.
 */
const MAX_DELTAS = 10_000;

/** The same in characters, because a server's figures are long. Some 8 MB of memory at most. */
const MAX_CHARACTERS = 8_000_000;

/** The last changes, numbered without gaps. */
export class DeltaRing {
  readonly #deltas: (Delta | undefined)[] = new Array<Delta | undefined>(MAX_DELTAS);
  #oldest = 1;
  #newest = 0;
  #characters = 0;

  /** Number of the oldest change that is still here; one more than {@link newest} when there is none. */
  get oldest(): number {
    return this.#oldest;
  }

  /** Number of the newest change, 0 before the first. */
  get newest(): number {
    return this.#newest;
  }

  /** Adds the next change; `make` is told its number. */
  push(make: (number: number) => Delta): void {
    const delta = make(this.#newest + 1);
    if (this.#newest - this.#oldest + 1 >= MAX_DELTAS) this.#dropOldest();
    this.#newest += 1;
    this.#deltas[this.#newest % MAX_DELTAS] = delta;
    this.#characters += delta.frame.length;
    while (this.#characters > MAX_CHARACTERS && this.#oldest < this.#newest) this.#dropOldest();
  }

  get(number: number): Delta | undefined {
    return number < this.#oldest || number > this.#newest ? undefined : this.#deltas[number % MAX_DELTAS];
  }

  /** From here on changes are not written down. Takes a number of its own, so that nobody can resume across the gap. */
  clear(): void {
    while (this.#oldest <= this.#newest) this.#dropOldest();
    this.#newest += 1;
    this.#oldest = this.#newest + 1;
  }

  #dropOldest(): void {
    const slot = this.#oldest % MAX_DELTAS;
    this.#characters -= this.#deltas[slot]?.frame.length ?? 0;
    this.#deltas[slot] = undefined;
    this.#oldest += 1;
  }
}
