import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import type { LocalServer } from './local-server.js';

// The thread listens with the shortest queue there is, and then never looks at it again.
const LISTENER = `
const { createServer } = require('node:net');
const { parentPort } = require('node:worker_threads');
const server = createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
});`;
/** Connections that a queue of length 1 takes; Linux counts one more than it was told. */
const QUEUE_FILLERS = 2;

/**
 * An address that swallows packets, as behind a firewall that drops: a new connection is neither accepted nor refused.
 * Made of a port whose queue of waiting connections is full.
 */
export async function startSilentServer(): Promise<LocalServer> {
  const worker = new Worker(LISTENER, { eval: true });
  const [port] = (await once(worker, 'message')) as [number];
  const fillers = await Promise.all(Array.from({ length: QUEUE_FILLERS }, () => connected(port)));
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    asked: Promise.resolve(),
    close: async () => {
      for (const filler of fillers) filler.destroy();
      await worker.terminate();
    },
  };
}

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}
