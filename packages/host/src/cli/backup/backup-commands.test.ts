import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandOutcomes } from '../../../fixtures/command-outcome.js';
import { temporaryFolder } from '../../../fixtures/temporary-folder.js';
import { withConfiguredStorage } from '../configured-storage.js';
import { importData } from '../data/import-data.js';
import { backUp } from './back-up.js';
import { restore } from './restore.js';

const folder = temporaryFolder();
const TEXT = 'up 1 1700000000\nup 0 1700000060\n# EOF\n';

const outcomeOf = commandOutcomes();

const storageOf = (data: string) => ({
  config: folder.write('labkeeper.yaml', 'storage: { sqlite: { keep_samples: 100y } }\n'),
  data: folder.path(data),
});

const filled = (data: string) => importData(folder.write('in.txt', TEXT), storageOf(data));
const backingUp = (to: string, data = 'data') => outcomeOf(backUp(folder.path(to), storageOf(data)));
const restoring = (backup: string, data: string, replace = false) =>
  outcomeOf(restore(folder.path(backup), { ...storageOf(data), replace }));

describe('labkeeper backup', () => {
  it('makes a folder for its owner alone and says what is in it', async () => {
    await filled('data');
    const [code, text] = await backingUp('backup');
    expect(code).toBe(0);
    expect(text).toMatch(/backup: 1 series, 2 samples, 2\.\d MB, verified, \d+\.\d s\.\n$/);
    expect(statSync(folder.path('backup')).mode & 0o777).toBe(0o700);
    expect(existsSync(folder.path('backup.part'))).toBe(false);
  });

  it('names it after the time in a folder that ends with a slash', async () => {
    await filled('data');
    expect((await backingUp('backups/'))[0]).toBe(0);
    expect(readdirSync(folder.path('backups'))).toEqual([expect.stringMatching(/^labkeeper-\d{8}T\d{6}Z$/)]);
  });

  it('takes an empty folder, but not one that holds something', async () => {
    await filled('data');
    mkdirSync(folder.path('backup'));
    expect((await backingUp('backup'))[0]).toBe(0);
    expect(await backingUp('backup')).toEqual([1, expect.stringMatching(/^BACKUP_TARGET_EXISTS: /)]);
  });

  it('leaves another backup alone that is not finished', async () => {
    await filled('data');
    folder.write('backup.part/labkeeper.db', 'half');
    expect(await backingUp('backup')).toEqual([1, expect.stringContaining('backup.part is there')]);
    expect(readdirSync(folder.path('backup.part'))).toEqual(['labkeeper.db']);
  });

  it('leaves nothing behind when it fails', async () => {
    expect(await backingUp('backup')).toEqual([1, expect.stringMatching(/^STORAGE_EMPTY: /)]);
    expect([existsSync(folder.path('backup')), existsSync(folder.path('backup.part'))]).toEqual([
      false,
      false,
    ]);
  });
});

describe('labkeeper restore', () => {
  it('puts the backup into a new data folder', async () => {
    await filled('data');
    await backingUp('backup');
    const [code, text] = await restoring('backup', 'new');
    expect(code).toBe(0);
    expect(text).toMatch(/new: 1 series, 2 samples, 2\.\d MB, restored and verified\.\n$/);
    expect((await backingUp('again', 'new'))[1]).toContain('1 series, 2 samples');
  });

  it('replaces data only when told to, and says where they are', async () => {
    await filled('data');
    await backingUp('backup');
    expect(await restoring('backup', 'data')).toEqual([1, expect.stringMatching(/^RESTORE_WOULD_REPLACE: /)]);
    const [code, text] = await restoring('backup', 'data', true);
    expect(code).toBe(0);
    expect(text).toMatch(/What was there before is in .*\/data\.before-restore-\d{8}T\d{6}Z\.\n$/);
  });

  it('is refused while Labkeeper runs', async () => {
    await filled('data');
    await backingUp('backup');
    await withConfiguredStorage(storageOf('data'), async ({ adapter, context }) => {
      const running = await adapter.open(context);
      expect(await restoring('backup', 'data', true)).toEqual([
        1,
        expect.stringMatching(/^STORAGE_LOCKED: /),
      ]);
      await running.close();
    });
  });

  it('of what is no backup makes no data folder', async () => {
    const [code, text] = await restoring('nothing', 'new');
    expect([code, text, existsSync(folder.path('new'))]).toEqual([
      1,
      expect.stringMatching(/^BACKUP_UNUSABLE: /),
      false,
    ]);
  });
});
