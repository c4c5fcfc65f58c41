import { describeError } from '@labkeeper/core';
import { type Composed, compose, type HostParts } from './compose.js';
import type { ConfigParts, ConfigReading, LoadedConfig } from './config/load-config.js';
import { makeDataFolder } from './data-folder.js';
import { HostState } from './host-state.js';
import { auditedKeys } from './keys/audited-keys.js';
import { answerKeyRequest, serveKeys } from './keys/key-socket.js';
import { type Door, openDoor } from './open-door.js';
import { parseListen } from './parse-listen.js';
import { ConfigReloader, type ReloadOutcome } from './reload.js';
import { Teardown } from './teardown.js';

/**
 * Shares of the five seconds that a stop may take. Requests end in milliseconds and streams are cut; a task gets its
 * second to notice the abort; writing what was measured comes last and matters most.
 */
const STOP_LIMITS_MS = {
  reload: 100,
  keys: 100,
  api: 1_600,
  engine: 1_500,
  plugins: 200,
  storage: 900,
  door: 100,
} as const;
const TASK_GRACE_MS = 1_000;

/** A host that listens. */
export interface RunningHost {
  /** `http://127.0.0.1:8466` */
  readonly address: string;
  /** The first admin key, when this start has made one. Shown once. */
  readonly newAdminKey: string | undefined;
  /** Resolves when everything of the plan runs. Rejects when the engine could not start. */
  readonly ready: Promise<void>;
  /** Reads the configuration again, as on SIGHUP. */
  reload(reason: string): Promise<ReloadOutcome>;
  /** Ends everything in order, with nothing lost. Idempotent, never rejects. */
  stop(): Promise<void>;
}

export interface StartParts extends Omit<HostParts, 'state'> {
  readonly reading: ConfigReading & { readonly config: LoadedConfig };
  readonly configParts: ConfigParts;
  /** Wins over the file. */
  readonly listen?: string | undefined;
  /** Opened already, for `listen`. */
  readonly door?: Door | undefined;
  /** Called with every configuration that a reload accepts. */
  onSettings?(config: LoadedConfig): void;
}

/**
 * Listens first and starts what is watched then: a page that opens at once and fills within a second beats one that
 * comes late and full. Throws what `compose` throws, or LISTEN_FAILED; nothing is left open then.
 */
export async function startHost(parts: StartParts): Promise<RunningHost> {
  const { clock, log, dataDir, reading } = parts;
  const door = parts.door ?? (await openDoor(parseListen(parts.listen ?? reading.config.settings.listen)));
  makeDataFolder(dataDir);
  const state = new HostState(reading.config);
  const teardown = new Teardown(clock, log);
  teardown.add('door', STOP_LIMITS_MS.door, async () => door.close());
  const stop = async (): Promise<void> => {
    state.phase = 'stopping';
    await teardown.run();
  };
  try {
    const composed = await compose(reading.config, { ...parts, state });
    closeWith(teardown, composed, parts);
    const newAdminKey = await composed.keys.ensureAdmin();
    await door.handOver(composed.api.server.server);
    await openKeySocket(teardown, composed, parts);
    const reloader = new ConfigReloader({ ...parts, state, engine: composed.engine });
    teardown.add('reload', STOP_LIMITS_MS.reload, async () => reloader.close());
    const ready = begin(composed, reading.config, state).then(() => reloader.watch());
    return { address: door.address, newAdminKey, ready, reload: (reason) => reloader.reload(reason), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** In the order in which they are opened; the teardown goes the other way. */
function closeWith(
  teardown: Teardown,
  { storage, engine, api }: Composed,
  { configParts }: StartParts,
): void {
  teardown.add('storage', STOP_LIMITS_MS.storage, () => storage.close());
  teardown.add('plugins', STOP_LIMITS_MS.plugins, () => configParts.loader.close());
  teardown.add('engine', STOP_LIMITS_MS.engine, () => engine.stop(TASK_GRACE_MS));
  teardown.add('api', STOP_LIMITS_MS.api, () => api.close());
}

async function begin({ engine }: Composed, { plan }: LoadedConfig, state: HostState): Promise<void> {
  await engine.start();
  await engine.apply(plan);
  if (state.phase === 'starting') state.phase = 'running';
}

/** A host without the socket works; only `labkeeper keys` then has to wait until it is stopped. */
async function openKeySocket(
  teardown: Teardown,
  { keys, engine }: Composed,
  { dataDir, log }: StartParts,
): Promise<void> {
  try {
    const audited = auditedKeys(keys, engine.audit);
    const socket = await serveKeys(dataDir, (request) => answerKeyRequest(audited, request));
    teardown.add('keys', STOP_LIMITS_MS.keys, () => socket.close());
  } catch (error) {
    log.warn('`labkeeper keys` cannot reach this host while it runs.', { error: describeError(error) });
  }
}
