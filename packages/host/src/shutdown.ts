import { type Clock, describeError, type Logger } from '@labkeeper/core';

/**
 * The whole stop must fit into five seconds, which is less than any supervisor waits before it kills (Docker 10 s,
 * systemd 90 s). Half a second is kept for what comes after: closing the storage and leaving.
 */
const STOP_LIMIT_MS = 4_500;

export interface ShutdownParts {
  readonly clock: Clock;
  readonly log: Logger;
  /** Ends everything in order. Idempotent. */
  stop(): Promise<void>;
  exit(code: number): void;
  readonly signals: NodeJS.EventEmitter;
}

/** SIGTERM and SIGINT stop the process in order; a second signal ends it at once, for a person who will not wait. */
export function stopOnSignals({ clock, log, stop, exit, signals }: ShutdownParts): void {
  let isStopping = false;
  const onSignal = (signal: string): void => {
    if (isStopping) {
      exit(1);
      return;
    }
    isStopping = true;
    log.info('Stopping.', { signal });
    const limit = clock.setTimer(() => {
      log.error('The stop took too long and is cut off.');
      exit(1);
    }, STOP_LIMIT_MS);
    void codeOf(stop(), log).then((code) => {
      limit.cancel();
      exit(code);
    });
  };
  for (const signal of ['SIGTERM', 'SIGINT']) signals.on(signal, () => onSignal(signal));
}

async function codeOf(stopping: Promise<void>, log: Logger): Promise<number> {
  try {
    await stopping;
    return 0;
  } catch (error) {
    log.error('The stop failed.', { error: describeError(error) });
    return 1;
  }
}
