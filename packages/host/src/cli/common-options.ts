import { Option } from 'commander';

/** `--config`, of every command that reads the configuration. */
export const configOption = (): Option =>
  new Option(
    '-c, --config <file>',
    'configuration file (default: labkeeper.yaml, /etc/labkeeper/labkeeper.yaml)',
  );

/** `--data`, of every command that opens the data folder. */
export const dataOption = (): Option =>
  new Option('-d, --data <folder>', 'folder for everything that is kept')
    .env('LABKEEPER_DATA')
    .default('data');
