import { resolve } from 'node:path';
import { type Clock, type ErrorCode, LabkeeperError, type Logger } from '@labkeeper/core';
import { createRedactor, systemClock } from '@labkeeper/core/runtime';
import { findConfigFile } from '../config/config-file.js';
import { createDigest } from '../config/digest.js';
import {
  type ConfigParts,
  type ConfigReading,
  type LoadedConfig,
  loadConfig,
} from '../config/load-config.js';
import { keepFilesPrivate } from '../data-folder.js';
import { type RunningHost, startHost } from '../host.js';
import { createLog, type HostLog, type LogFormat } from '../log/create-log.js';
import type { Door } from '../open-door.js';
import { installedPlugins } from '../plugins/installed-plugins.js';
import { threadModule } from '../plugins/isolation/thread-module.js';
import { PluginLoader } from '../plugins/plugin-loader.js';
import { watchProcessFaults } from '../process-faults.js';
import { stopOnSignals } from '../shutdown.js';
import { hostVersion } from '../version.js';
import { explainError } from './explain-error.js';
import { showFaults } from './read-config.js';
import type { EarlyDoor, StartOptions } from './start.js';

/** The configuration cannot be used. Supervisors need not try again before somebody has mended it. */
const EXIT_CONFIG = 2;

/** Codes of what a person has written wrongly outside of the file. */
const MISTAKES: ReadonlySet<string> = new Set(['KEY_INVALID', 'LISTEN_INVALID'] satisfies ErrorCode[]);

/** Something else stands in the way: the address, the data folder, a bug. Trying again may help. */
const EXIT_FAILED = 1;

/** Runs until a signal. What a person needs goes to standard output, the log to standard error. */
export async function runHost(options: StartOptions, early: EarlyDoor | undefined): Promise<void> {
  keepFilesPrivate();
  const clock = systemClock();
  const redactor = createRedactor();
  const log = createLog({
    clock,
    redactor,
    level: 'info',
    format: usualFormat(),
    write: writeToStandardError,
  });
  const loader = new PluginLoader({
    standard: installedPlugins,
    threadModule,
    clock,
    log,
    secrets: redactor,
  });
  watchProcessFaults({ log, exit, process, pluginOf: (stack) => loader.pluginOf(stack) });
  const file = findConfigFile(options.config);
  const configParts: ConfigParts = {
    file,
    env: process.env,
    secrets: redactor,
    loader,
    digest: createDigest(),
  };
  const reading = await loadConfig(configParts);
  showFaults(reading, redactor);
  if (!isUsable(reading)) return exit(EXIT_CONFIG);
  configureLog(log, reading.config);
  try {
    const door = fittingDoor(early, options.listen ?? reading.config.settings.listen);
    const onSettings = (config: LoadedConfig) => configureLog(log, config);
    const presetKey = process.env.LABKEEPER_ADMIN_KEY;
    const { data: dataDir, listen } = options;
    const host = await startHost({
      clock,
      log,
      redactor,
      reading,
      configParts,
      dataDir,
      listen,
      door,
      presetKey,
      onSettings,
    });
    await live(host, { clock, log, greeting: greeting(host, file, dataDir) });
  } catch (error) {
    leaveWith(redactor.redact(explainError(error)), error);
  }
}

async function live(
  host: RunningHost,
  { clock, log, greeting }: { clock: Clock; log: Logger; greeting: string },
): Promise<void> {
  stopOnSignals({ clock, log, exit, signals: process, stop: () => host.stop() });
  process.on('SIGHUP', () => void host.reload('SIGHUP'));
  process.stdout.write(greeting);
  try {
    await host.ready;
  } catch (error) {
    await host.stop();
    throw error;
  }
  log.info('Everything of the configuration runs.', {
    millisecondsAfterStart: Math.round(clock.monotonicMs()),
  });
}

/** The early door, when the configuration wants the address that was guessed. */
function fittingDoor(early: EarlyDoor | undefined, listen: string): Door | undefined {
  if (early?.listen === listen) return early;
  early?.close();
  return undefined;
}

function isUsable(reading: ConfigReading): reading is ConfigReading & { config: LoadedConfig } {
  return reading.config !== undefined;
}

/** Text for a person at a terminal, JSON for everything that collects logs. */
function usualFormat(): LogFormat {
  return process.stderr.isTTY ? 'text' : 'json';
}

function configureLog(log: HostLog, { settings }: LoadedConfig): void {
  log.setLevel(settings.logLevel);
  log.setFormat(settings.logFormat === 'auto' ? usualFormat() : settings.logFormat);
}

function writeToStandardError(line: string): void {
  process.stderr.write(line);
}

function greeting({ address, newAdminKey }: RunningHost, file: string | undefined, dataDir: string): string {
  const key =
    newAdminKey === undefined
      ? ''
      : `  admin key  ${newAdminKey}\n             (shown only this once; it opens the page and the API)\n`;
  return [
    `Labkeeper ${hostVersion()}\n`,
    `  address    ${address}\n`,
    key,
    `  config     ${file ?? 'none: this machine is watched'}\n`,
    `  data       ${resolve(dataDir)}\n`,
  ].join('');
}

function leaveWith(text: string, error: unknown): never {
  process.stderr.write(`${text}\n`);
  const isConfig =
    error instanceof LabkeeperError && (MISTAKES.has(error.code) || error.code.startsWith('CONFIG_'));
  return exit(isConfig ? EXIT_CONFIG : EXIT_FAILED);
}

function exit(code: number): never {
  process.exit(code);
}
