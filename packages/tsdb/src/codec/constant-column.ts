/** Compares bits, so that 0 and -0 stay apart and one NaN equals itself. */
export function hasOneValue(values: Float64Array): boolean {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  for (let word = 2; word < words.length; word++) if (words[word] !== words[word - 2]) return false;
  return true;
}

/** Copied as words: as a number, a NaN would lose its payload. */
export function repeated(value: Float64Array, count: number): Float64Array {
  const values = new Float64Array(count);
  const [pattern, words] = [new Uint32Array(value.buffer), new Uint32Array(values.buffer)];
  for (let word = 0; word < words.length; word++) words[word] = pattern[word & 1] as number;
  return values;
}
