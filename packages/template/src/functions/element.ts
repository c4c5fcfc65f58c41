import { hasKey, isList, isMap, type MissingKey, type TemplateValue, typeName, valueAt } from '../value.js';

/** `index value 1 "key"` is `value[1]["key"]`. Throws when there is no such place; a missing key is what `missingKey` says. */
export function elementOf(missingKey: MissingKey) {
  return (value: TemplateValue, ...indexes: readonly TemplateValue[]): TemplateValue => {
    let found = value;
    for (const index of indexes) found = oneElement(found, index, missingKey);
    return found;
  };
}

function oneElement(value: TemplateValue, index: TemplateValue, missingKey: MissingKey): TemplateValue {
  if (value === null || value === undefined) throw new Error('index of untyped nil');
  if (isMap(value)) {
    if (typeof index !== 'string') throw new Error(`value has type ${typeName(index)}; should be string`);
    return !hasKey(value, index) && missingKey === 'empty' ? '' : valueAt(value, index);
  }
  if (isList(value)) return value[position(index, value.length - 1)];
  if (typeof value !== 'string') throw new Error(`can't index item of type ${typeName(value)}`);
  // Texts are bytes in Go.
  const bytes = Buffer.from(value);
  return BigInt(bytes[position(index, bytes.length - 1)] ?? 0);
}

function position(index: TemplateValue, last: number): number {
  if (typeof index !== 'bigint') throw new Error(`cannot index slice/array with type ${typeName(index)}`);
  if (index < 0n || index > last) throw new Error(`index out of range: ${index}`);
  return Number(index);
}

/** `slice value 1 2` is `value[1:2]`. Throws for bounds outside of it. */
export function sliceOf(value: TemplateValue, ...bounds: readonly TemplateValue[]): TemplateValue {
  if (bounds.length > 3) throw new Error(`too many slice indexes: ${bounds.length}`);
  if (typeof value === 'string') {
    if (bounds.length === 3) throw new Error('cannot 3-index slice a string');
    const bytes = Buffer.from(value);
    return bytes.subarray(...checkedBounds(bounds, bytes.length)).toString();
  }
  if (!isList(value)) throw new Error(`can't slice item of type ${typeName(value)}`);
  return value.slice(...checkedBounds(bounds, value.length));
}

function checkedBounds(bounds: readonly TemplateValue[], length: number): [number, number] {
  const [from = 0, to = length] = bounds.map((bound) => position(bound, length));
  if (from > to) throw new Error(`invalid slice index: ${from} > ${to}`);
  return [from, to];
}

/** `len`: bytes of a text, entries of a list or map. */
export function lengthOf(value: TemplateValue): bigint {
  if (typeof value === 'string') return BigInt(Buffer.byteLength(value));
  if (isList(value)) return BigInt(value.length);
  if (isMap(value)) return BigInt(value instanceof Map ? value.size : Object.keys(value).length);
  if (value === null || value === undefined) throw new Error('len of nil pointer');
  throw new Error(`len of type ${typeName(value)}`);
}
