import { existsSync } from 'node:fs';
import { LabkeeperError, type SampleStore } from '@labkeeper/core';
import { makeDataFolder } from '../../data-folder.js';
import { type StorageOptions, withConfiguredStorage } from '../configured-storage.js';
import { explainingErrors } from '../end-of-command.js';
import { type ArrivingFile, openArriving } from './arriving-file.js';
import { guessFormat, IMPORT_FORMATS, type ImportFormat } from './guess-format.js';
import { type Outcome, ofCompact, ofText, outcomeText } from './import-outcome.js';

export interface ImportOptions extends StorageOptions {
  readonly format?: ImportFormat;
}

/** `labkeeper data import FILE`: samples of a file into the store. Labkeeper must not run on it. */
export function importData(file: string, options: ImportOptions): Promise<void> {
  return explainingErrors(() =>
    withConfiguredStorage(options, async ({ adapter, context }) => {
      // Before the store: a mistyped file should make no data folder.
      const arriving = await openArriving(file);
      const format = options.format ?? (await guessed(arriving, file));
      if (!existsSync(context.dataDir)) process.stderr.write(`The data folder ${context.dataDir} is new.\n`);
      makeDataFolder(context.dataDir);
      const storage = await adapter.open(context);
      try {
        tell(format, await importInto(storage.samples, arriving, format));
      } finally {
        await storage.close();
      }
    }),
  );
}

async function guessed({ beginning }: ArrivingFile, file: string): Promise<ImportFormat> {
  const { COMPACT_MAGIC } = await import('@labkeeper/tsdb');
  const format = guessFormat(beginning, COMPACT_MAGIC);
  if (format) return format;
  throw new LabkeeperError('DATA_FORMAT_UNKNOWN', `the format of ${file} cannot be told from its beginning`, {
    allowed: IMPORT_FORMATS.join(', '),
  });
}

async function importInto(
  samples: SampleStore,
  { pieces }: ArrivingFile,
  format: ImportFormat,
): Promise<Outcome> {
  const { importCompact, importOpenMetrics } = await import('@labkeeper/tsdb');
  if (format === 'compact') return ofCompact(await importCompact(pieces, samples));
  return ofText(await importOpenMetrics(pieces, samples, { format }));
}

function tell(format: ImportFormat, outcome: Outcome): void {
  process.stdout.write(outcomeText(format, outcome));
  if (outcome.faulty > 0 || !outcome.isComplete) process.exitCode = 1;
}
