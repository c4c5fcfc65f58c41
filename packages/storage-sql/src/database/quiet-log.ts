import type { Logger } from '@labkeeper/core';
import type { Knex } from 'knex';

/** knex writes to the console unless it is given a log. Its warnings are about connections, and come back as errors. */
export function quietLog(log: Logger): Knex.Logger {
  const note = (message: unknown) => log.debug(`knex: ${String(message)}`);
  return { debug: note, warn: note, error: note, deprecate: (method) => note(`${method} is deprecated`) };
}
