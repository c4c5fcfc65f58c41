import type { TSchema } from '@labkeeper/core';

/**
 * TypeBox keeps what kind a schema is in properties that are not enumerable (`~kind`, `~optional` …), and messages between
 * threads carry only enumerable ones. Without them its defaults would silently not be applied.
 */
const MARK = /^~/;

type Node = Readonly<Record<string, unknown>>;

/** A schema as plain data, marks included. Functions in it (refinements) stay behind: only the thread itself can call them. */
export function packSchema(schema: TSchema): Node {
  return pack(schema) as Node;
}

/** The schema on the other side, with its marks hidden again. */
export function unpackSchema(packed: Node): TSchema {
  return unpack(packed) as TSchema;
}

function pack(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pack);
  if (typeof value !== 'object' || value === null) return value;
  const node = value as Node;
  const kept = Object.getOwnPropertyNames(node).filter((key) =>
    MARK.test(key) ? isPlain(node[key]) : typeof node[key] !== 'function',
  );
  return Object.fromEntries(kept.map((key) => [key, pack(node[key])]));
}

function unpack(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpack);
  if (typeof value !== 'object' || value === null) return value;
  const node = {};
  for (const [key, inner] of Object.entries(value)) {
    Object.defineProperty(node, key, {
      value: unpack(inner),
      enumerable: !MARK.test(key),
      configurable: true,
      writable: true,
    });
  }
  return node;
}

function isPlain(value: unknown): boolean {
  return (
    value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number'
  );
}
