import assert from 'node:assert/strict';
import { type ErrorCode, LabkeeperError, type Storage } from '@labkeeper/core';
import type { ConformanceCase } from '../conformance/conformance-case.js';

/** A store that has been opened for one case. */
export interface OpenedStorage {
  readonly storage: Storage;
  /** Closes it and opens the same data again. Absent for a store that keeps nothing. */
  reopen?(): Promise<Storage>;
}

/** A storage adapter under test. */
export interface StorageSubject {
  /** Opens a new store with nothing in it. Called once for each case, which closes it. */
  open(): Promise<OpenedStorage>;
}

/** A case that needs one open store. */
export function storeCase(
  name: string,
  check: (storage: Storage) => Promise<void>,
): ConformanceCase<StorageSubject> {
  return {
    name,
    async run(subject) {
      const { storage } = await subject.open();
      try {
        await check(storage);
      } finally {
        await storage.close();
      }
    },
  };
}

/** A case that closes and opens the store again. `reopen` gives the store to go on with. */
export function reopeningCase(
  name: string,
  check: (storage: Storage, reopen: () => Promise<Storage>) => Promise<void>,
): ConformanceCase<StorageSubject> {
  return {
    name,
    async run(subject) {
      const opened = await subject.open();
      let current = opened.storage;
      const reopen = async () => {
        assert.ok(opened.reopen, 'the store can be opened again');
        current = await opened.reopen();
        return current;
      };
      try {
        await check(current, reopen);
      } finally {
        await current.close();
      }
    },
  };
}

/** Asserts that the work is refused with a code of the error table, whether it throws at once or rejects. */
export async function assertRefused(code: ErrorCode, work: () => Promise<unknown>): Promise<void> {
  let result: unknown;
  try {
    result = await work();
  } catch (error) {
    assert.ok(error instanceof LabkeeperError, `a LabkeeperError, not ${String(error)}`);
    assert.equal(error.code, code, error.message);
    return;
  }
  assert.fail(`expected ${code}, and got ${JSON.stringify(result)}`);
}
