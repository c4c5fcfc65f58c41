import type { Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { describeError, LabkeeperError } from '@labkeeper/core';

/** A port that listens already, for a server that is still being put together. */
export interface Door {
  /** `http://127.0.0.1:8466`, with the port that the system chose for port 0. */
  readonly address: string;
  /** From now on `server` listens here; whoever came before and waited is its first guest. */
  handOver(server: HttpServer): Promise<void>;
  /** Sends everybody away who waits. Idempotent; without effect after {@link Door.handOver}. */
  close(): void;
}

/**
 * Listens at once. Reading a large configuration and loading what answers takes a second or so; whoever comes meanwhile
 * waits for that second and then gets an answer, instead of being refused. Rejects with LISTEN_FAILED.
 */
export async function openDoor({
  host,
  port,
}: {
  readonly host: string;
  readonly port: number;
}): Promise<Door> {
  const waiting = new Set<Socket>();
  // Paused: what they send stays in the system's buffers until somebody reads it.
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    waiting.add(socket);
    socket.once('close', () => waiting.delete(socket)).on('error', () => waiting.delete(socket));
  });
  await listen(server, host, port);
  const { address, family, port: chosen } = server.address() as AddressInfo;
  return {
    address: `http://${family === 'IPv6' ? `[${address}]` : address}:${chosen}`,
    handOver: (to) => handOver(server, to, waiting),
    close: () => {
      for (const socket of waiting) socket.destroy();
      server.close();
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const message = `${host}:${port} cannot be listened on: ${describeError(error)}.`;
      reject(new LabkeeperError('LISTEN_FAILED', message, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
}

async function handOver(from: Server, to: HttpServer, waiting: Set<Socket>): Promise<void> {
  // Node documents both: a server may listen on the handle of another one, and connections may be given to an HTTP server
  // by emitting them. The port is never closed in between.
  await new Promise<void>((resolve) => void to.listen(from, () => resolve()));
  for (const socket of waiting) {
    socket.removeAllListeners('error');
    to.emit('connection', socket);
    socket.resume();
  }
  waiting.clear();
}
