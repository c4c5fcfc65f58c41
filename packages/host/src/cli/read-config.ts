import type { Logger } from '@labkeeper/core';
import { createRedactor, type Redactor, systemClock } from '@labkeeper/core/runtime';
import { findConfigFile } from '../config/config-file.js';
import { createDigest } from '../config/digest.js';
import { type ConfigParts, type ConfigReading, loadConfig } from '../config/load-config.js';
import { printFaults } from '../config/print-faults.js';
import { installedPlugins } from '../plugins/installed-plugins.js';
import { threadModule } from '../plugins/isolation/thread-module.js';
import { PluginLoader } from '../plugins/plugin-loader.js';

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

/** Reading a configuration without running it, as `check`, `schema`, `plugins` and `keys` do. */
export async function readConfigOnce(
  named: string | undefined,
): Promise<ConfigReading & { readonly parts: ConfigParts; readonly redactor: Redactor }> {
  const redactor = createRedactor();
  const loader = new PluginLoader({
    standard: installedPlugins,
    threadModule,
    clock: systemClock(),
    log: silent,
    secrets: redactor,
  });
  const parts: ConfigParts = {
    file: findConfigFile(named),
    env: process.env,
    secrets: redactor,
    loader,
    digest: createDigest(),
  };
  return { ...(await loadConfig(parts)), parts, redactor };
}

/** Faults and warnings on standard error. */
export function showFaults({ faults, warnings, source }: ConfigReading, redactor: Redactor): void {
  const color = process.stderr.isTTY ? 'on' : 'off';
  const style = {
    color,
    redact: (text: string) => redactor.redact(text),
    ...(source ? { lines: source } : {}),
  } as const;
  if (warnings.length > 0) process.stderr.write(`${printFaults(warnings, style)}\n`);
  if (faults.length > 0)
    process.stderr.write(`${printFaults(faults, style)}\n${countFaults(faults.length)}\n`);
}

function countFaults(count: number): string {
  return `${count} ${count === 1 ? 'fault' : 'faults'} in the configuration.`;
}
