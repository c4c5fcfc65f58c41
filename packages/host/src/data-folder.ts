import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { describeError, LabkeeperError } from '@labkeeper/core';

/** Only the owner may read what is kept: keys, measurements, journals. */
const PRIVATE_FOLDER = 0o700;
/** Takes the rights of everybody else. */
const PRIVATE_FILES = 0o077;

/** Files that this process makes from now on are for its own user. For programs only: it changes the whole process. */
export function keepFilesPrivate(): void {
  process.umask(PRIVATE_FILES);
}

/** Makes the data folder when it is not there. Throws DATA_FOLDER_UNUSABLE. */
export function makeDataFolder(folder: string): void {
  try {
    make(folder);
  } catch (error) {
    const message = `${folder} cannot be the data folder: ${describeError(error)}`;
    throw new LabkeeperError('DATA_FOLDER_UNUSABLE', message, { cause: error });
  }
}

/** Step by step: Node's own `recursive` never ends in a folder that takes no new ones, such as /proc. */
function make(folder: string): void {
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) throw new Error('it is a file');
    return;
  }
  make(dirname(folder));
  mkdirSync(folder, { mode: PRIVATE_FOLDER });
}
