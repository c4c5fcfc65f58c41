import { type ConformanceCase, type Deviation, registerCases } from '../conformance/conformance-case.js';
import { closingCases, durableRecordCases, durableSampleCases, healthCases } from './durable-cases.js';
import { listCases } from './list-cases.js';
import { recordModelCase, sampleModelCase } from './model-cases.js';
import { recordCases } from './record-cases.js';
import { removalCases } from './removal-cases.js';
import { rollupCases } from './rollup-cases.js';
import { sampleCases } from './sample-cases.js';
import { selectionCases } from './selection-cases.js';
import type { StorageSubject } from './storage-subject.js';
import { transactionCases } from './transaction-cases.js';

/** The two faces of a store. */
export type StorageFace = 'records' | 'samples';

type Cases = readonly ConformanceCase<StorageSubject>[];

/** Promises of every store. */
export const storageCases: Readonly<Record<StorageFace, Cases>> = {
  records: [...recordCases, ...listCases, ...transactionCases, recordModelCase, ...healthCases],
  samples: [...sampleCases, ...removalCases, ...selectionCases, ...rollupCases, sampleModelCase],
};

/** Promises of a store that keeps its data when it is closed. */
export const durableStorageCases: Readonly<Record<StorageFace, Cases>> = {
  records: [...durableRecordCases, ...closingCases],
  samples: durableSampleCases,
};

/** A storage adapter and what is known of it. */
export interface StorageSuite extends StorageSubject {
  readonly name: string;
  /** `nothing` leaves out the promises about opening again. */
  readonly keeps: 'data' | 'nothing';
  /** Default both. One alone is for a second configuration that differs in that face only. */
  readonly faces?: readonly StorageFace[];
  readonly deviations?: readonly Deviation[];
}

/** Registers the whole suite for a storage adapter. Call it at the top of a test file. */
export function conformStorage(suite: StorageSuite): void {
  const { name, keeps, faces = ['records', 'samples'], deviations = [] } = suite;
  const cases = faces.flatMap((face) => [
    ...storageCases[face],
    ...(keeps === 'data' ? durableStorageCases[face] : []),
  ]);
  registerCases({ name: `storage ${name} conforms`, cases, subject: suite, deviations });
}
