import type { Logger } from '@labkeeper/core';

export interface ProcessFaultParts {
  readonly log: Logger;
  /** Ends the process after a fault that left it in an unknown state. The supervisor starts it again. */
  exit(code: number): void;
  /** Package of the plugin in whose code a stack trace lies. */
  pluginOf(stack: string): string | undefined;
  readonly process: NodeJS.EventEmitter;
}

/** Counts of what went wrong outside any task. */
export interface ProcessFaults {
  readonly unhandledRejections: number;
}

/**
 * An exception that nobody caught may have left anything half done: it is logged and the process ends with 1.
 * A rejection that nobody handled is a forgotten `await`: logged with the plugin it comes from, counted, and survived.
 */
export function watchProcessFaults({ log, exit, pluginOf, process }: ProcessFaultParts): ProcessFaults {
  const faults = { unhandledRejections: 0 };
  process.on('uncaughtException', (error: unknown) => {
    log.error('An exception that nobody caught; the process ends.', { error, ...origin(error, pluginOf) });
    exit(1);
  });
  process.on('unhandledRejection', (reason: unknown) => {
    faults.unhandledRejections++;
    log.error('A rejection that nobody handled.', { error: reason, ...origin(reason, pluginOf) });
  });
  return faults;
}

function origin(error: unknown, pluginOf: (stack: string) => string | undefined): { plugin?: string } {
  const plugin = error instanceof Error && error.stack ? pluginOf(error.stack) : undefined;
  return plugin === undefined ? {} : { plugin };
}
