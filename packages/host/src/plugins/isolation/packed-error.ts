import {
  ConfigFailure,
  DropFailure,
  describeError,
  ERROR_TABLE,
  type ErrorCode,
  type Fault,
  LabkeeperError,
  PartialFailure,
  RetryFailure,
} from '@labkeeper/core';

/** An error as it crosses the border between two threads, which lets only plain data through. */
export interface PackedError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly found?: string;
  readonly allowed?: string;
  readonly field?: string;
  readonly retryAfterMs?: number;
  readonly failedIndexes?: readonly number[];
  readonly faults?: readonly Fault[];
}

/** Works by the shape of the error: the plugin may have been built with its own copy of core. */
export function packError(thrown: unknown): PackedError {
  if (!(thrown instanceof Error)) return { name: 'Error', message: String(thrown) };
  const { code, found, allowed, field, retryAfterMs, failedIndexes, faults } = thrown as Partial<PackedError>;
  const facts = { code, found, allowed, field, retryAfterMs, failedIndexes, faults };
  const given = Object.entries(facts).filter(([, value]) => value !== undefined);
  return { name: thrown.name, message: describeError(thrown), ...Object.fromEntries(given) };
}

/** The same kind of failure on the other side, so that the engine sees what the plugin threw. */
export function unpackError(packed: PackedError): Error {
  const { name, message, code } = packed;
  if (code === undefined || !Object.hasOwn(ERROR_TABLE, code))
    return Object.assign(new Error(message), { name });
  const details = detailsOf(packed);
  const known = code as ErrorCode;
  if (name === 'RetryFailure')
    return new RetryFailure(known, message, { ...details, ...optional('retryAfterMs', packed.retryAfterMs) });
  if (name === 'DropFailure') return new DropFailure(known, message, details);
  if (name === 'PartialFailure')
    return new PartialFailure(known, message, packed.failedIndexes ?? [], details);
  if (name === 'ConfigFailure') return new ConfigFailure(packed.faults ?? []);
  return new LabkeeperError(known, message, details);
}

function detailsOf({ found, allowed, field }: PackedError): {
  found?: string;
  allowed?: string;
  field?: string;
} {
  return { ...optional('found', found), ...optional('allowed', allowed), ...optional('field', field) };
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { [K in Key]?: Value };
}
