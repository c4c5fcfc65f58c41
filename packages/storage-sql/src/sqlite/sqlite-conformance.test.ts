import { ManualClock } from '@labkeeper/core/runtime';
import { conformStorage, type OpenedStorage, recordingLog } from '@labkeeper/testkit';
import type { TsdbRules } from '@labkeeper/tsdb';
import { EAGER_RULES, LASTING_RULES, LAZY_RULES } from '../testing/sample-rules.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { openSqlite } from './open-sqlite.js';

const newFolder = temporaryFolder();

async function openWith(rules: TsdbRules): Promise<OpenedStorage> {
  const dataDir = await newFolder();
  const parts = {
    dataDir,
    clock: new ManualClock(),
    log: recordingLog(),
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

conformStorage({ name: 'sqlite', keeps: 'data', open: () => openWith(LASTING_RULES) });

conformStorage({
  name: 'sqlite, moving samples into packs after every append',
  keeps: 'data',
  faces: ['samples'],
  open: () => openWith(EAGER_RULES),
});

conformStorage({
  name: 'sqlite, keeping samples in the head',
  keeps: 'data',
  faces: ['samples'],
  open: () => openWith(LAZY_RULES),
});

conformStorage({
  name: 'sqlite, syncing each append',
  keeps: 'data',
  faces: ['samples'],
  open: () => openWith({ ...LASTING_RULES, syncWithinMs: 0 }),
});
