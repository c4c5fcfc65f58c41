import { rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describeError, ERROR_TABLE, type ErrorCode, LabkeeperError, type Role } from '@labkeeper/core';
import type { KeyInfo, Keys } from './key-store.js';

/**
 * The data folder belongs to the running host, so `labkeeper keys` asks that host: one line of JSON each way through a
 * socket in the folder, which only its owner may open. Whoever may write there owns the database as well.
 */
export function keySocketPath(dataDir: string): string {
  return join(dataDir, 'labkeeper.sock');
}

/** What `labkeeper keys` can ask. */
export type KeyRequest =
  | { readonly do: 'add'; readonly name: string; readonly role: Role }
  | { readonly do: 'list' }
  | { readonly do: 'revoke'; readonly id: string };

export type KeyAnswer =
  | { readonly key: string; readonly info: KeyInfo }
  | { readonly keys: readonly KeyInfo[] }
  | { readonly revoked: boolean };

type Reply = { readonly answer: KeyAnswer } | { readonly code: string; readonly error: string };

/** Longest request. A name and a role need a hundred bytes; a longer line ends the connection. */
const MAX_REQUEST_LENGTH = 4_096;

/** Listens until `close`. Rejects when the socket cannot be made; a path beyond about 100 bytes is one reason. */
export async function serveKeys(
  dataDir: string,
  answer: (request: KeyRequest) => Promise<KeyAnswer>,
): Promise<{ close(): Promise<void> }> {
  const path = keySocketPath(dataDir);
  // Left behind by a host that was killed. The lock on the storage says that no other one is running.
  rmSync(path, { force: true });
  const server = createServer((socket) => serve(socket, answer));
  await listenPrivately(server, path);
  return { close: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** Does what a request says. */
export async function answerKeyRequest(keys: Keys, request: KeyRequest): Promise<KeyAnswer> {
  if (request.do === 'add') return await keys.add(request.name, request.role);
  if (request.do === 'revoke') return { revoked: await keys.revoke(request.id) };
  return { keys: await keys.list() };
}

/** Asks the running host. Undefined when none is running on this data folder. Rejects with what the host refused. */
export async function askRunningHost(dataDir: string, request: KeyRequest): Promise<KeyAnswer | undefined> {
  const socket = connect(keySocketPath(dataDir));
  const isConnected = await new Promise<boolean>((resolve) =>
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false)),
  );
  if (!isConnected) return undefined;
  socket.write(`${JSON.stringify(request)}\n`);
  for await (const line of createInterface({ input: socket })) {
    socket.end();
    const reply = JSON.parse(line) as Reply;
    if ('answer' in reply) return reply.answer;
    throw new LabkeeperError(
      Object.hasOwn(ERROR_TABLE, reply.code) ? (reply.code as ErrorCode) : 'INTERNAL',
      reply.error,
    );
  }
  throw new LabkeeperError('SERVICE_UNAVAILABLE', 'The running Labkeeper ended the connection.');
}

function listenPrivately(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // The file is made with these rights: chmod afterwards would leave a moment in which anybody could connect.
    const before = process.umask(0o177);
    try {
      server.listen(path, resolve);
    } finally {
      process.umask(before);
    }
  });
}

function serve(socket: Socket, answer: (request: KeyRequest) => Promise<KeyAnswer>): void {
  socket.on('error', () => socket.destroy());
  let length = 0;
  socket.on('data', (chunk) => {
    length += chunk.length;
    if (length > MAX_REQUEST_LENGTH) socket.destroy();
  });
  createInterface({ input: socket }).once('line', (line) => {
    const send = (reply: Reply) => socket.end(`${JSON.stringify(reply)}\n`);
    replyTo(line, answer).then(send, () => socket.destroy());
  });
}

async function replyTo(line: string, answer: (request: KeyRequest) => Promise<KeyAnswer>): Promise<Reply> {
  try {
    return { answer: await answer(JSON.parse(line) as KeyRequest) };
  } catch (error) {
    return { code: error instanceof LabkeeperError ? error.code : 'INTERNAL', error: describeError(error) };
  }
}
