import type { Labels } from '@labkeeper/core';

/**
 * Beyond this many label sets the cache starts again: a machine with so many devices is one where they come and go,
 * and what went must not be kept for ever.
 */
const MAX_LABEL_SETS = 20_000;

/** Gives equal labels as one object, so that whoever stores the samples may recognise a series by it. */
export class LabelCache {
  readonly #known = new Map<string, Labels>();

  /** The labels with these names and values. The names of one call site are always the same, so the values suffice as key. */
  of<Name extends string>(names: readonly Name[], ...values: readonly string[]): Labels {
    const key = `${names.join()}\n${values.join('\n')}`;
    let labels = this.#known.get(key);
    if (!labels) {
      if (this.#known.size >= MAX_LABEL_SETS) this.#known.clear();
      labels = Object.freeze(Object.fromEntries(names.map((name, index) => [name, values[index] ?? ''])));
      this.#known.set(key, labels);
    }
    return labels;
  }
}
