import { findConfigFile, readConfigFile } from '../config/config-file.js';
import { type Door, openDoor } from '../open-door.js';
import { DEFAULT_LISTEN, guessListen, parseListen } from '../parse-listen.js';

export interface StartOptions {
  readonly config?: string;
  readonly data: string;
  readonly listen?: string;
}

/** A door that was opened before the configuration was read. */
export interface EarlyDoor extends Door {
  /** The address that was guessed; the configuration may say another one. */
  readonly listen: string;
}

/**
 * `labkeeper start`. Listens within a tenth of a second and loads everything else then: whoever asks meanwhile waits for
 * the answer. See `docs/decisions/0012-listening-first.md`.
 */
export async function start(options: StartOptions): Promise<void> {
  const door = await openEarly(options);
  const { runHost } = await import('./run-host.js');
  await runHost(options, door);
}

async function openEarly(options: StartOptions): Promise<EarlyDoor | undefined> {
  const listen = options.listen ?? guessFromFile(findConfigFile(options.config));
  if (listen === undefined) return undefined;
  try {
    return { ...(await openDoor(parseListen(listen))), listen };
  } catch {
    // It is tried again, and then told, when the configuration turns out to be right: its faults come first.
    return undefined;
  }
}

function guessFromFile(file: string | undefined): string | undefined {
  if (file === undefined) return DEFAULT_LISTEN;
  try {
    return guessListen(readConfigFile(file));
  } catch {
    return undefined;
  }
}
