import { type Labels, labelsKey } from '@labkeeper/core';

export interface ShownSample {
  readonly labels: Labels;
  readonly value: number;
}

export function sortedSamples(samples: readonly ShownSample[]): ShownSample[] {
  const keyed = samples.map((sample) => ({ sample, key: labelsKey(sample.labels) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ sample }) => sample);
}

/** Both in the order of {@link sortedSamples}. `isFuzzy` lets values differ by the last bit, as `fuzzy_compare` does. */
export function areSameSamples(
  expected: readonly ShownSample[],
  got: readonly ShownSample[],
  isFuzzy: boolean,
): boolean {
  if (expected.length !== got.length) return false;
  return expected.every(({ labels, value }, index) => {
    const found = got[index];
    if (found === undefined || labelsKey(labels) !== labelsKey(found.labels)) return false;
    // NaN is what somebody who writes NaN expects; promtool can never be satisfied there.
    return (
      value === found.value || Object.is(value, found.value) || (isFuzzy && areNeighbours(value, found.value))
    );
  });
}

const cells = new Float64Array(2);
const bits = new BigInt64Array(cells.buffer);

/** No other float64 lies between the two. */
function areNeighbours(a: number, b: number): boolean {
  cells.set([a, b]);
  const distance = (bits[0] ?? 0n) - (bits[1] ?? 0n);
  return Number.isFinite(a) && Number.isFinite(b) && distance >= -1n && distance <= 1n;
}
