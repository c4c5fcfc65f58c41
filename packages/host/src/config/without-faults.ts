import type { Fault } from '@labkeeper/core';

/**
 * A copy of a value without the places that are faulty; undefined when the whole of it is. An item of a list goes together
 * with its list, because the paths of the others would no longer be true.
 */
export function withoutFaults(value: unknown, faults: readonly Fault[]): unknown {
  const copy: unknown = structuredClone(value);
  return faults.every(({ path }) => remove(copy, path)) ? copy : undefined;
}

/** Removes the innermost property on the path. False when there is none: the fault is about the value itself. */
function remove(root: unknown, path: Fault['path']): boolean {
  let container = root;
  let innermost: { readonly of: Record<string, unknown>; readonly key: string } | undefined;
  for (const key of path) {
    if (typeof container !== 'object' || container === null) break;
    if (!Array.isArray(container)) innermost = { of: container as Record<string, unknown>, key: String(key) };
    container = (container as Record<string | number, unknown>)[key];
  }
  if (!innermost) return false;
  delete innermost.of[innermost.key];
  return true;
}
