import type { AddressInfo, Server, Socket } from 'node:net';

/** A server of a test, on 127.0.0.1 and a free port. */
export interface LocalServer {
  /** `http://127.0.0.1:PORT` or the same with https, without a path. */
  readonly url: string;
  readonly port: number;
  /** Resolves when the first bytes of a client have arrived: from then on the client waits for this server. */
  readonly asked: Promise<void>;
  /** Cuts every connection and frees the port. */
  close(): Promise<void>;
}

/** Starts a server and keeps track of its connections, so that a hanging one can be closed too. */
export async function listenLocally(server: Server, scheme: 'http' | 'https' = 'http'): Promise<LocalServer> {
  const sockets = new Set<Socket>();
  let noteAsked: () => void;
  const asked = new Promise<void>((resolve) => (noteAsked = resolve));
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    noteBytes(socket, noteAsked);
    socket.once('close', () => sockets.delete(socket));
    // A client that gives up is what many of these servers are for.
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Sees the bytes on their way, whoever reads them and whatever protocol is spoken on top. */
function noteBytes(socket: Socket, note: () => void): void {
  const push = socket.push.bind(socket);
  socket.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (chunk !== null) note();
    return push(chunk, encoding);
  };
}
