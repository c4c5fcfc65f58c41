import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ConfigFailure, describeError } from '@labkeeper/core';

/**
 * Largest configuration file. Ten thousand checks written out at length are about 2 MiB; whatever is larger is most
 * likely not a configuration. Above it the file is refused.
 */
const MAX_CONFIG_BYTES = 8 * 1024 * 1024;

/** Largest file behind `${file:…}`: certificates and keys have a few kilobytes. Above it the reference is a fault. */
const MAX_INCLUDED_BYTES = 256 * 1024;

/** Looked for in this order when nobody names a file. */
const DEFAULT_FILES = ['labkeeper.yaml', '/etc/labkeeper/labkeeper.yaml'] as const;

/** The file to read: the one that was named, else the first default one that exists, else none. */
export function findConfigFile(named: string | undefined): string | undefined {
  return named ?? DEFAULT_FILES.find((file) => existsSync(file));
}

/** Text of the configuration file. Throws a ConfigFailure with CONFIG_NOT_FOUND. */
export function readConfigFile(file: string): string {
  try {
    return readRegularFile(file, MAX_CONFIG_BYTES);
  } catch (error) {
    const position = { file, line: 1, column: 1 };
    const message = `${file} cannot be read: ${describeError(error)}.`;
    throw new ConfigFailure([{ code: 'CONFIG_NOT_FOUND', path: [], message, position }]);
  }
}

/** Reads what `${file:…}` names; relative paths begin at the folder of the configuration file. */
export function includedFileReader(configFile: string): (path: string) => string {
  return (path) => readRegularFile(includedFilePath(configFile, path), MAX_INCLUDED_BYTES);
}

/** Largest file of rules: the largest public ones are some 200 kB. */
const MAX_RULES_BYTES = 4 * 1024 * 1024;

/** Text of a file of rules. Throws an Error that says why it cannot be read. */
export function readRuleText(path: string): string {
  return readRegularFile(path, MAX_RULES_BYTES);
}

export function includedFilePath(configFile: string, path: string): string {
  return resolve(dirname(configFile), path);
}

function readRegularFile(path: string, maxBytes: number): string {
  const stat = statSync(path);
  // A pipe or a device could keep the reader waiting for ever.
  if (!stat.isFile()) throw new Error('it is not a regular file');
  if (stat.size > maxBytes) throw new Error(`it has ${stat.size} bytes, and ${maxBytes} is the limit`);
  return readFileSync(path, 'utf8');
}
