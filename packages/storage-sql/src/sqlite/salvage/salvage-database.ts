import { stat } from 'node:fs/promises';
import { type Clock, describeError, LabkeeperError, type Logger } from '@labkeeper/core';
import { storageFailure } from '../../database/storage-failure.js';
import type { SqliteDriver } from '../sqlite-driver.js';
import { copyDatabase, type SalvagedTable } from './copy-database.js';
import {
  discardUnfinished,
  exchangeFiles,
  undoInterruptedExchange,
  unfinishedFile,
} from './exchange-files.js';
import { openBoth } from './salvage-connection.js';

export interface SalvageParts {
  readonly driver: SqliteDriver;
  /** The damaged database. Nothing else may have it open. */
  readonly file: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Logger;
}

/** What a salvage has brought. */
export interface SalvageReport {
  /** Where the damaged file is now, with its write-ahead log beside it if there was one. */
  readonly damagedFile: string;
  readonly tables: readonly SalvagedTable[];
  /** The size of the new file. */
  readonly bytes: number;
}

/**
 * Sets a damaged database aside and puts in its place a new one with everything that can still be read. The damaged file is
 * never written to. Throws STORAGE_CORRUPT when its schema cannot be read, or STORAGE_UNAVAILABLE when the disk is full and
 * the like; then everything is as it was. Interrupted at any moment, nothing is lost: the next call begins anew.
 *
 * SQLite has no checksums: a value that was garbled within a row is copied as it stands.
 */
export async function salvageDatabase({ driver, file, clock, log }: SalvageParts): Promise<SalvageReport> {
  try {
    await undoInterruptedExchange(file);
    const tables = await copyWithOrWithoutLog(driver, file, log);
    const damagedFile = await exchangeFiles(file, clock.now());
    return { damagedFile, tables, bytes: (await stat(file)).size };
  } catch (error) {
    // What cannot be taken back now is taken back by the next call.
    await undoInterruptedExchange(file).catch(() => undefined);
    throw storageFailure(error, file);
  }
}

/** The write-ahead log may hold good pages, and may itself be what cannot be read. */
async function copyWithOrWithoutLog(
  driver: SqliteDriver,
  file: string,
  log: Logger,
): Promise<readonly SalvagedTable[]> {
  try {
    return await copyInto(driver, { file, withLog: true }, log);
  } catch (error) {
    const failure = storageFailure(error, file);
    // What is wrong with the new file is not better without the log.
    if (!mayBeTheLog(failure)) throw failure;
    log.warn('the damaged database cannot be read with its write-ahead log', {
      file,
      reason: describeError(failure),
    });
    return copyInto(driver, { file, withLog: false }, log);
  }
}

/** A full disk, say, would be as full without the log. */
function mayBeTheLog(failure: unknown): boolean {
  if (!(failure instanceof LabkeeperError)) return false;
  const { code } = (failure.cause ?? {}) as NodeJS.ErrnoException;
  return failure.code === 'STORAGE_CORRUPT' || /^SQLITE_(CANTOPEN|READONLY|PROTOCOL)/.test(code ?? '');
}

async function copyInto(
  driver: SqliteDriver,
  damaged: { file: string; withLog: boolean },
  log: Logger,
): Promise<readonly SalvagedTable[]> {
  await discardUnfinished(damaged.file);
  const connection = await openBoth(driver, unfinishedFile(damaged.file), damaged);
  try {
    return await copyDatabase(connection, damaged.file, log);
  } finally {
    await connection.close();
  }
}
