import type { Storage } from '../contract/storage.js';
import { memoryRecords } from './memory-records.js';
import { memorySamples } from './memory-samples.js';

/** A store that forgets everything at the end of the process: the reference of the contract, for tests and for a first look. */
export function memoryStorage(): Storage {
  return {
    samples: memorySamples(),
    records: memoryRecords(),
    health: () => Promise.resolve('ok'),
    close: () => Promise.resolve(),
  };
}
