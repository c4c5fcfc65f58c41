/**
 * What templates work on. Go's types and ours: `bigint` is a whole number (`%d`, `index`), `number` is a float64, `null` is nil.
 * Maps and plain objects are maps. `undefined` is what a missing key gives.
 */
export type TemplateValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | TemplateStruct
  | TemplateMethod
  | readonly TemplateValue[]
  | ReadonlyMap<string, TemplateValue>
  | { readonly [key: string]: TemplateValue };

/** A function found in the data is called with the words behind its name, like a method in Go: `.Labels.Remove $names`. */
export type TemplateMethod = (...words: readonly never[]) => TemplateValue;

/**
 * A value with a fixed set of fields: asking for another one is an error whatever `missingKey` says, as for a struct in Go.
 * `shown` is how it prints; without it, the values of the fields in braces.
 */
export class TemplateStruct {
  constructor(
    readonly typeName: string,
    readonly fields: Readonly<Record<string, TemplateValue>>,
    readonly shown?: string,
  ) {}
}

/** What a missing key of a map gives: nothing (Prometheus), `<no value>` (Go's default), an error. */
export type MissingKey = 'empty' | 'no value' | 'error';

export type MapLike = ReadonlyMap<string, TemplateValue> | { readonly [key: string]: TemplateValue };

/** True for maps and plain objects; not for lists, structs and methods. */
export function isMap(value: TemplateValue): value is MapLike {
  return typeof value === 'object' && value !== null && !isList(value) && !(value instanceof TemplateStruct);
}

export function isList(value: TemplateValue): value is readonly TemplateValue[] {
  return Array.isArray(value);
}

/** Keys in ascending order of their bytes, as Go walks and prints maps. */
export function sortedKeys(map: MapLike): string[] {
  const keys =
    map instanceof Map ? [...(map as ReadonlyMap<string, TemplateValue>).keys()] : Object.keys(map);
  return keys.sort(compareText);
}

export function hasKey(map: MapLike, key: string): boolean {
  // Only own keys: `constructor` and its like are found on every object.
  return map instanceof Map ? map.has(key) : Object.hasOwn(map, key);
}

export function valueAt(map: MapLike, key: string): TemplateValue {
  if (map instanceof Map) return (map as ReadonlyMap<string, TemplateValue>).get(key);
  return hasKey(map, key) ? (map as { readonly [key: string]: TemplateValue })[key] : undefined;
}

/** By bytes of UTF-8, as Go compares. UTF-16 order differs only where surrogates meet the last rows of the basic plane. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Go's word for the type of a value, for errors. */
export function typeName(value: TemplateValue): string {
  if (value === null || value === undefined) return '<nil>';
  if (value instanceof TemplateStruct) return value.typeName;
  if (isList(value)) return '[]interface {}';
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return 'float64';
    case 'bigint':
      return 'int';
    case 'boolean':
      return 'bool';
    case 'function':
      return 'func';
    default:
      return 'map[string]interface {}';
  }
}

/** Whether `if`, `with`, `and` and `or` take it for true: everything but false, zero, nil and what is empty. */
export function isTrue(value: TemplateValue): boolean {
  if (value === null || value === undefined) return false;
  if (value instanceof TemplateStruct || typeof value === 'function') return true;
  if (isList(value)) return value.length > 0;
  if (isMap(value)) return value instanceof Map ? value.size > 0 : Object.keys(value).length > 0;
  // NaN is not zero, and so true in Go.
  return typeof value === 'number' ? value !== 0 : Boolean(value);
}
