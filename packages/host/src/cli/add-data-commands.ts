import { type Command, Option } from 'commander';
import type { RestoreOptions } from './backup/restore.js';
import { configOption, dataOption } from './common-options.js';
import type { StorageOptions } from './configured-storage.js';
import type { ExportOptions } from './data/export-data.js';
import type { ImportOptions } from './data/import-data.js';
import { endWithUsage } from './end-of-command.js';

const EXPORT_FORMATS = ['openmetrics', 'compact'];
const IMPORT_FORMATS = ['openmetrics', 'prometheus-text', 'compact'];

/** `labkeeper data export` and `labkeeper data import`. */
export function addData(program: Command): void {
  const data = endWithUsage(program.command('data').description('samples as files'));
  addExport(data);
  addImport(data);
}

function addExport(data: Command): void {
  data
    .command('export')
    .description('write samples into a file, also while Labkeeper runs')
    .argument('<file>', 'the file; - for standard output')
    .addOption(
      new Option('-f, --format <format>', 'form of the file').choices(EXPORT_FORMATS).default('openmetrics'),
    )
    .option(
      '-m, --match <selector>',
      'only these series: name{label="value"}; may be given several times',
      gather,
    )
    .option(
      '--from <time>',
      'no sample before: 2026-01-31T12:00:00Z, seconds since 1970, or how long ago: 7d',
    )
    .option('--to <time>', 'no sample after')
    .addOption(configOption())
    .addOption(dataOption())
    .action(async (file: string, options: ExportOptions) =>
      (await import('./data/export-data.js')).exportData(file, options),
    );
}

function addImport(data: Command): void {
  data
    .command('import')
    .description('read samples from a file into the store; Labkeeper must be stopped')
    .argument('<file>', 'the file; - for standard input')
    .addOption(
      new Option('-f, --format <format>', 'form of the file (default: as its beginning tells)').choices(
        IMPORT_FORMATS,
      ),
    )
    .addOption(configOption())
    .addOption(dataOption())
    .action(async (file: string, options: ImportOptions) =>
      (await import('./data/import-data.js')).importData(file, options),
    );
}

/** `labkeeper backup` and `labkeeper restore`. */
export function addBackup(program: Command): void {
  endWithUsage(program.command('backup'))
    .description('copy everything that is kept into a new folder, also while Labkeeper runs')
    .argument(
      '<folder>',
      'the new folder; with a / at its end, a folder for backups, each named after its time',
    )
    .addOption(configOption())
    .addOption(dataOption())
    .action(async (folder: string, options: StorageOptions) =>
      (await import('./backup/back-up.js')).backUp(folder, options),
    );
  endWithUsage(program.command('restore'))
    .description('put a backup into the data folder; Labkeeper must be stopped')
    .argument('<backup>', 'folder of the backup')
    .option('--replace', 'move data that is there already aside')
    .addOption(configOption())
    .addOption(dataOption())
    .action(async (backup: string, options: RestoreOptions) =>
      (await import('./backup/restore.js')).restore(backup, options),
    );
}

function gather(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
