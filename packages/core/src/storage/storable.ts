import type { CollectionDeclaration } from '../contract/storage.js';
import { LabkeeperError } from '../errors/labkeeper-error.js';
import { isMetricName } from '../model/labels.js';
import type { SampleBatch } from '../model/sample.js';
import { indexedValue } from './declaration.js';

/**
 * Longest key and longest indexed text, in bytes of UTF-8. PostgreSQL takes at most 2,704 bytes into one entry of an
 * index; key and text stand there together. Longer ones are refused in every store, so that moving to PostgreSQL works.
 */
const MAX_KEY_BYTES = 512;
const MAX_INDEXED_BYTES = 1_536;

/** A NUL cannot stand in a text of PostgreSQL, half a surrogate pair not in UTF-8. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** True for a text that every store can keep as a key. Under any other there is never a record. */
export function isRecordKey(key: string): boolean {
  return key !== '' && !UNSTORABLE.test(key) && Buffer.byteLength(key) <= MAX_KEY_BYTES;
}

/** True for a text that every store can index and compare. */
export function isIndexableText(text: string): boolean {
  return !UNSTORABLE.test(text) && Buffer.byteLength(text) <= MAX_INDEXED_BYTES;
}

/**
 * The JSON text of a record that is about to be kept. Throws STORAGE_INVALID for a key, a value or an indexed property
 * that does not fit. Adapters call it at once when `put` is called, so that later changes of the value do not matter.
 */
export function recordJson(declaration: CollectionDeclaration, key: string, value: unknown): string {
  if (!isRecordKey(key)) {
    throw new LabkeeperError(
      'STORAGE_INVALID',
      `${JSON.stringify(key)} cannot be a key in ${declaration.name}`,
      {
        allowed: `1 to ${MAX_KEY_BYTES} bytes of UTF-8 without NUL`,
      },
    );
  }
  for (const index of Object.keys(declaration.indexes ?? {})) {
    const indexed = indexedValue(declaration, index, value);
    if (typeof indexed === 'string' && !isIndexableText(indexed)) {
      throw new LabkeeperError(
        'STORAGE_INVALID',
        `'${index}' of '${key}' in ${declaration.name} cannot be indexed`,
        {
          allowed: `up to ${MAX_INDEXED_BYTES} bytes of UTF-8 without NUL`,
        },
      );
    }
  }
  return jsonText(declaration, key, value);
}

function jsonText({ name }: CollectionDeclaration, key: string, value: unknown): string {
  try {
    const json = JSON.stringify(value) as string | undefined;
    if (json !== undefined) return json;
  } catch (error) {
    throw new LabkeeperError('STORAGE_INVALID', `the value of '${key}' in ${name} is not JSON`, {
      cause: error,
    });
  }
  throw new LabkeeperError('STORAGE_INVALID', `the value of '${key}' in ${name} is not JSON`, {
    found: typeof value,
  });
}

/** Throws STORAGE_INVALID for a batch that cannot be kept as a whole. Called by every adapter before it keeps a row. */
export function assertBatch({ series, timesMs, values }: SampleBatch): void {
  if (series.length !== timesMs.length || series.length !== values.length) {
    throw new LabkeeperError('STORAGE_INVALID', 'the columns of a batch differ in length');
  }
  let known: SampleBatch['series'][number] | undefined;
  for (let row = 0; row < series.length; row++) {
    const found = series[row];
    if (found && found !== known) assertSeriesName(found.name);
    known = found;
    if (!Number.isSafeInteger(timesMs[row])) {
      throw new LabkeeperError('STORAGE_INVALID', `${timesMs[row]} is not a time in milliseconds`);
    }
  }
}

/** Throws STORAGE_INVALID for a name that no metric can have. */
export function assertSeriesName(name: string): void {
  if (isMetricName(name)) return;
  throw new LabkeeperError('STORAGE_INVALID', `'${name}' is not a metric name`, { found: name });
}
