/**
 * Memory of a plugin's thread unless the file says otherwise: `128MB`. A thread with core, toolbox and a usual plugin
 * needs about 25 MB; what needs five times as much is leaking.
 */
const DEFAULT_MEMORY = '128MB';

const UNIT_BYTES: Readonly<Record<string, number>> = { MB: 2 ** 20, MiB: 2 ** 20, GB: 2 ** 30, GiB: 2 ** 30 };

/** Bytes of a text such as `64MB`. The schema has checked its form. Megabytes are binary, as V8 counts them. */
export function parseMemory(text = DEFAULT_MEMORY): number {
  const [, count, unit] = /^([0-9]+)([A-Za-z]+)$/.exec(text) ?? [];
  return Number(count) * (UNIT_BYTES[unit ?? ''] ?? 0);
}
