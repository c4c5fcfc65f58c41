import { ManualClock } from '@labkeeper/core/runtime';
import { conformStorage, type OpenedStorage, recordingLog } from '@labkeeper/testkit';
import { SAMPLE_RULES, type SampleRules } from '../samples/sql-samples.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { openSqlite } from './open-sqlite.js';

const newFolder = temporaryFolder();

async function openWith(rules: SampleRules): Promise<OpenedStorage> {
  const dataDir = await newFolder();
  const parts = {
    dataDir,
    clock: new ManualClock(),
    log: recordingLog(),
    samplesSyncedWithinMs: 10_000,
    rules,
  };
  const storage = await openSqlite(parts);
  let current = storage;
  const reopen = async () => {
    await current.close();
    current = await openSqlite(parts);
    return current;
  };
  return { storage, reopen };
}

conformStorage({ name: 'sqlite', keeps: 'data', open: () => openWith(SAMPLE_RULES) });

conformStorage({
  name: 'sqlite, moving samples into chunks after every append',
  keeps: 'data',
  faces: ['samples'],
  open: () => openWith({ windowMs: 1_000, graceMs: 0, maxHeadSamples: 0, atClose: 'leave' }),
});

conformStorage({
  name: 'sqlite, keeping samples in the head',
  keeps: 'data',
  faces: ['samples'],
  // The end of the last window lies before all times, so that nothing is ever due.
  open: () =>
    openWith({
      windowMs: 2 ** 30,
      graceMs: 2 ** 53,
      maxHeadSamples: Number.POSITIVE_INFINITY,
      atClose: 'leave',
    }),
});
