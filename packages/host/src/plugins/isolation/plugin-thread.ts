// Runs inside the worker thread: imports one plugin and serves its contributions by messages.
import { parentPort, workerData } from 'node:worker_threads';
import type { Plugin } from '@labkeeper/core';
import { importPlugin } from '../import-plugin.js';
import type { HostMethods, ThreadMethods } from './protocol.js';
import { Rpc } from './rpc.js';
import { ThreadPlugin } from './thread-plugin.js';

/** What the host starts the thread with. */
export interface ThreadData {
  /** Module of the plugin. */
  readonly url: string;
}

function main(): void {
  if (!parentPort) throw new Error('This module runs in a worker thread.');
  const { url } = workerData as ThreadData;
  let plugin: ThreadPlugin | undefined;
  const loading = importPlugin(url).then((loaded: Plugin) => {
    plugin = new ThreadPlugin(loaded, host);
    return plugin.description;
  });
  // Its rejection is the answer to `describe`.
  loading.catch(() => undefined);
  const ready = (): ThreadPlugin => {
    if (!plugin) throw new Error('The plugin is not loaded.');
    return plugin;
  };
  const methods: ThreadMethods = {
    describe: () => loading,
    validate: (params) => ready().validate(params),
    target: (params) => ready().target(params),
    start: (params) => ready().start(params),
    run: (params) => ready().run(params),
    listen: (params) => ready().listen(params),
    abort: (params) => ready().abort(params),
    stop: (params) => ready().stop(params),
    ping: () => ({ externalBytes: process.memoryUsage().external }),
  };
  const host = new Rpc<HostMethods>(parentPort, methods);
  // A forgotten promise of the plugin is its fault, but no reason to end its other tasks.
  process.on('unhandledRejection', (reason) => {
    host.send('log', {
      instance: 0,
      level: 'error',
      message: `unhandled rejection: ${String(reason)}`,
      fields: {},
    });
  });
}

main();
