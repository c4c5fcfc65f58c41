import { type Clock, describeError, type Fault, type Logger } from '@labkeeper/core';
import type { Redactor } from '@labkeeper/core/runtime';
import type { Engine } from '@labkeeper/engine';
import { formatPath } from './config/config-path.js';
import {
  type ConfigParts,
  type ConfigReading,
  type LoadedConfig,
  loadConfig,
  needRestart,
} from './config/load-config.js';
import type { HostState } from './host-state.js';
import { type FileWatch, type WatchedFiles, watchFiles } from './watch-files.js';

export interface ReloaderParts {
  readonly engine: Engine;
  readonly configParts: ConfigParts;
  /** The reading that runs now. */
  readonly reading: ConfigReading & { readonly config: LoadedConfig };
  readonly clock: Clock;
  readonly log: Logger;
  readonly redactor: Redactor;
  readonly state: HostState;
  /** Called with every configuration that is accepted. */
  onSettings?(config: LoadedConfig): void;
}

export type ReloadOutcome = 'applied' | 'rejected' | 'failed';

/**
 * Reads the configuration again when a file changes or somebody asks. Only what differs restarts. A file with faults
 * changes nothing: the old configuration goes on, and every fault is in the log.
 */
export class ConfigReloader {
  readonly #parts: ReloaderParts;
  readonly #log: Logger;
  readonly #files: FileWatch;
  #watched: WatchedFiles;
  /** One reading at a time; a request during one is served by one more after it. */
  #running: Promise<ReloadOutcome> | undefined;
  #next: Promise<ReloadOutcome> | undefined;

  constructor(parts: ReloaderParts) {
    this.#parts = parts;
    this.#log = parts.log.child({ part: 'config' });
    this.#watched = parts.reading;
    this.#files = watchFiles(parts.clock, () => void this.reload('a file has changed'));
  }

  /** From now on changes of the files count. */
  watch(): void {
    this.#files.update(this.#watched);
  }

  close(): void {
    this.#files.close();
  }

  /** Never rejects. */
  reload(reason: string): Promise<ReloadOutcome> {
    if (!this.#running) return this.#start(reason);
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      return this.#start(reason);
    });
    return this.#next;
  }

  #start(reason: string): Promise<ReloadOutcome> {
    this.#running = this.#readAndApply(reason)
      .catch((error: unknown) => {
        this.#log.error('Reading the configuration again failed; the old one goes on.', {
          error: describeError(error),
        });
        return 'failed' as const;
      })
      .finally(() => {
        this.#running = undefined;
      });
    return this.#running;
  }

  async #readAndApply(reason: string): Promise<ReloadOutcome> {
    const { configParts, engine } = this.#parts;
    this.#files.aboutToRead();
    const { config, faults, warnings, plugins, files, patterns } = await loadConfig(configParts);
    // Also the files of a faulty reading: mending one of them must be noticed.
    this.#watched = {
      files: [...new Set([...files, ...this.#watched.files])],
      patterns: [...new Set([...patterns, ...this.#watched.patterns])],
    };
    this.#files.update(this.#watched);
    this.#report(warnings, 'warn');
    if (!config) return this.#reject(faults);
    const change = await engine.apply(config.plan);
    this.#accept(config, { files, patterns });
    await configParts.loader.closeOthers(plugins);
    const { started, stopped, kept } = change;
    this.#log.info('The configuration was read again.', {
      reason,
      started: started.length,
      stopped: stopped.length,
      kept: kept.length,
    });
    return 'applied';
  }

  #reject(faults: readonly Fault[]): ReloadOutcome {
    const { engine, state } = this.#parts;
    const redacted = this.#report(faults, 'error');
    this.#log.error('The configuration has faults; the old one goes on.', { faults: faults.length });
    state.configFaults = faults.length;
    engine.events.emit('config.rejected', { faults: redacted });
    return 'rejected';
  }

  #accept(config: LoadedConfig, watched: WatchedFiles): void {
    const { state, reading, onSettings } = this.#parts;
    const late = needRestart(reading.config, config);
    if (late.length > 0) this.#log.warn('Some changes need a restart of Labkeeper.', { keys: late });
    state.waitingForRestart = late;
    state.settings = config.settings;
    state.plan = config.plan;
    state.configFaults = 0;
    onSettings?.(config);
    this.#watched = watched;
    this.#files.update(watched);
  }

  #report(faults: readonly Fault[], level: 'warn' | 'error'): readonly Fault[] {
    const redacted = this.#parts.redactor.redactValue(faults) as readonly Fault[];
    for (const { code, path, message, position, nearest } of redacted) {
      const place = position && `${position.file}:${position.line}:${position.column}`;
      this.#log[level](message, {
        code,
        place,
        path: formatPath(path),
        ...(nearest === undefined ? {} : { nearest }),
      });
    }
    return redacted;
  }
}
