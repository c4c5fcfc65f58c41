import type { IndexValue } from '../contract/storage.js';
import { LabkeeperError } from '../errors/labkeeper-error.js';

/** Where a page ended: the last record's value in the order, and its key. */
export interface CursorPosition {
  /** Absent when records are ordered by key. */
  readonly value?: IndexValue;
  readonly key: string;
}

/** Text of a cursor. Opaque to callers, and the same in every store. */
export function encodeCursor(position: CursorPosition): string {
  const parts = position.value === undefined ? [position.key] : [position.key, position.value];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** Reads a cursor back. Throws STORAGE_INVALID for any other text, because cursors come back from API callers. */
export function decodeCursor(cursor: string): CursorPosition {
  try {
    const parts = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown;
    if (
      Array.isArray(parts) &&
      typeof parts[0] === 'string' &&
      (parts.length === 1 || isIndexValue(parts[1]))
    ) {
      const [key, value] = parts as [string, IndexValue?];
      return value === undefined ? { key } : { key, value };
    }
  } catch {
    // Falls through: whatever it was, it is no cursor.
  }
  throw new LabkeeperError('STORAGE_INVALID', 'the cursor is not one that a list has given', {
    field: 'cursor',
  });
}

function isIndexValue(value: unknown): value is IndexValue {
  return typeof value === 'string' || typeof value === 'number';
}
