import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { type Clock, LabkeeperError, type Logger } from '@labkeeper/core';
import { type FileFacts, inspectFile } from './inspect-file.js';
import { undoInterruptedExchange } from './salvage/exchange-files.js';
import { type SalvageReport, salvageDatabase } from './salvage/salvage-database.js';
import type { SqliteDriver } from './sqlite-driver.js';

interface SoundFileParts {
  readonly driver: SqliteDriver;
  readonly file: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly checkedAtStartBytes?: number | undefined;
}

/** Stands beside a file in which damage was found while it was in use. */
const suspicionOf = (file: string) => `${file}.suspect`;

/**
 * A database file that can be gone on with: a damaged one is set aside, and what can be read of it goes into a new one.
 * Throws STORAGE_CORRUPT when nothing can be read, STORAGE_NEWER or STORAGE_UNAVAILABLE; the file is then as it was.
 */
export async function soundFile(parts: SoundFileParts): Promise<FileFacts> {
  const { driver, file, checkedAtStartBytes } = parts;
  await undoInterruptedExchange(file);
  const isSuspect = existsSync(suspicionOf(file));
  const facts = await inspectFile(
    driver,
    file,
    isSuspect ? Number.POSITIVE_INFINITY : checkedAtStartBytes,
  ).catch((error: unknown) => salvage(parts, error));
  if (isSuspect) await rm(suspicionOf(file), { force: true });
  return facts;
}

/** The next start looks at the whole file, however large it is. */
export async function suspectFile(file: string): Promise<void> {
  await writeFile(suspicionOf(file), 'The integrity check failed. The next start reads what can be read.\n', {
    mode: 0o600,
  });
}

async function salvage({ driver, file, clock, log }: SoundFileParts, error: unknown): Promise<FileFacts> {
  if (!(error instanceof LabkeeperError) || error.code !== 'STORAGE_CORRUPT') throw error;
  log.error('the database is damaged; what can be read goes into a new one', { file, reason: error.message });
  tell(log, await salvageDatabase({ driver, file, clock, log }));
  return { isChecked: true };
}

function tell(log: Logger, { damagedFile, tables }: SalvageReport): void {
  const lost = tables.filter(({ rowsLost }) => rowsLost !== 0);
  log.error('the damaged database was set aside, and what could be read of it is in use', {
    damagedFile,
    tables: tables.length,
    rowsRead: tables.reduce((sum, { rowsRead }) => sum + rowsRead, 0),
    lost: lost.map(({ name, rowsLost }) => `${name}: ${rowsLost} rows`).join(', ') || 'nothing',
  });
}
