import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { makeDataFolder } from './data-folder.js';

const folder = temporaryFolder();

describe('the data folder', () => {
  it('is made with the folders above it, for its owner alone', () => {
    const path = folder.path('a/b');
    makeDataFolder(path);
    makeDataFolder(path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  it('cannot be a file', () => {
    const file = folder.write('file', 'x');
    expect(() => makeDataFolder(file)).toThrow(expect.objectContaining({ code: 'DATA_FOLDER_UNUSABLE' }));
    expect(() => makeDataFolder(join(file, 'below'))).toThrow(
      expect.objectContaining({ code: 'DATA_FOLDER_UNUSABLE' }),
    );
  });

  it.runIf(process.platform === 'linux')(
    'is refused where no folder can be made, instead of trying for ever',
    () => {
      expect(() => makeDataFolder('/proc/labkeeper')).toThrow(
        expect.objectContaining({ code: 'DATA_FOLDER_UNUSABLE' }),
      );
    },
  );
});
