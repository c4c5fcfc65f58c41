import { connect, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Clock } from '@labkeeper/core';
import { systemClock } from '@labkeeper/core/runtime';
import { SERVER_CERTIFICATES, SERVER_KEY } from './certificates.js';
import { type LocalServer, listenLocally } from './local-server.js';
import { startSilentServer } from './silent-server.js';

/** Between two bytes of a server that trickles, in milliseconds. */
const TRICKLE_MS = 5;
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n';
const PAGE = `${HEAD}Content-Length: 2\r\nConnection: close\r\n\r\nok`;

/** What a server does with a connection on which something has arrived. */
type Behaviour = (socket: Socket, clock: Clock) => void;

/** The ways in which a server that can be reached behaves badly. */
const PLAIN_BEHAVIOURS = {
  /** Takes the request and never answers. */
  hang: () => undefined,
  /** Takes the request and closes without a word. */
  close: (socket) => socket.end(),
  /** Resets the connection instead of answering. */
  reset: (socket) => socket.resetAndDestroy(),
  /** Promises 1000 bytes and closes after 5. */
  cut: (socket) => socket.end(`${HEAD}Content-Length: 1000\r\n\r\nhello`),
  /** Sends a good head and then one byte at a time, without an end. */
  trickle: (socket, clock) => {
    socket.write(`${HEAD}Content-Length: 1000000\r\n\r\n`);
    drip(socket, clock);
  },
  /** Sends the head one byte at a time, without an end. */
  'slow-headers': (socket, clock) => {
    socket.write(`${HEAD}X-Slow: `);
    drip(socket, clock);
  },
  /** Answers in something that is not HTTP. */
  garbage: (socket) => socket.end('\u0000\u0001SSH-2.0-dropbear\r\n\u00ff\u00fe'),
  /** A head that never ends. */
  'huge-headers': (socket) => pour(socket, `${HEAD}X-Huge: `),
  /** A body that never ends. */
  'huge-body': (socket) => pour(socket, `${HEAD}\r\n`),
  /** Redirects to itself. */
  'redirect-loop': (socket) =>
    socket.end('HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n'),
  /** Has no time: 429 with Retry-After. */
  busy: (socket) =>
    socket.end('HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n'),
  /** Is broken: 500. */
  broken: (socket) => socket.end('HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\noops'),
  /** Says JSON and sends half of it. */
  'half-json': (socket) =>
    socket.end('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"items":'),
} as const satisfies Readonly<Record<string, Behaviour>>;

const CERTIFICATE_BEHAVIOURS = {
  'tls-expired': 'expired',
  'tls-self-signed': 'self-signed',
  'tls-wrong-name': 'wrong-name',
} as const satisfies Readonly<Record<string, keyof typeof SERVER_CERTIFICATES>>;

export type Misbehaviour =
  | keyof typeof PLAIN_BEHAVIOURS
  | keyof typeof CERTIFICATE_BEHAVIOURS
  | 'refuse'
  | 'silent'
  | 'tls-hang'
  | 'tls-garbage';

/** Every way to misbehave, for tests that play them all. */
export const MISBEHAVIOURS: readonly Misbehaviour[] = [
  'refuse',
  'silent',
  ...(Object.keys(PLAIN_BEHAVIOURS) as (keyof typeof PLAIN_BEHAVIOURS)[]),
  ...(Object.keys(CERTIFICATE_BEHAVIOURS) as (keyof typeof CERTIFICATE_BEHAVIOURS)[]),
  'tls-hang',
  'tls-garbage',
];

/** Starts a server with one fault. Its TLS faults speak well otherwise, so that only the one thing can go wrong. */
export function startMisbehavingServer(
  fault: Misbehaviour,
  clock: Clock = systemClock(),
): Promise<LocalServer> {
  if (fault === 'refuse') return startRefusing();
  if (fault === 'silent') return startSilentServer();
  if (fault === 'tls-hang')
    return listenLocally(createServer(whenAsked(PLAIN_BEHAVIOURS.hang, clock)), 'https');
  if (fault === 'tls-garbage')
    return listenLocally(createServer(whenAsked(PLAIN_BEHAVIOURS.garbage, clock)), 'https');
  if (isCertificateFault(fault)) return startBadlyCertified(CERTIFICATE_BEHAVIOURS[fault], clock);
  return listenLocally(createServer(whenAsked(PLAIN_BEHAVIOURS[fault], clock)));
}

function isCertificateFault(fault: Misbehaviour): fault is keyof typeof CERTIFICATE_BEHAVIOURS {
  return fault in CERTIFICATE_BEHAVIOURS;
}

function whenAsked(behaviour: Behaviour, clock: Clock): (socket: Socket) => void {
  return (socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => behaviour(socket, clock));
    // Without reading on, the end of the other side would never be seen.
    socket.resume();
  };
}

function startBadlyCertified(
  certificate: keyof typeof SERVER_CERTIFICATES,
  clock: Clock,
): Promise<LocalServer> {
  const server = createTlsServer(
    { key: SERVER_KEY, cert: SERVER_CERTIFICATES[certificate] },
    whenAsked((socket) => socket.end(PAGE), clock),
  );
  server.on('tlsClientError', () => undefined);
  return listenLocally(server, 'https');
}

/**
 * A port that refuses for certain: it is in use as the local end of a connection to elsewhere, so nobody listens on it
 * and nobody else can be given it.
 */
async function startRefusing(): Promise<LocalServer> {
  const holder = await listenLocally(createServer());
  const socket = connect(holder.port, '127.0.0.1');
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  socket.on('error', () => undefined);
  const port = socket.localPort ?? 0;
  const close = async () => {
    socket.destroy();
    await holder.close();
  };
  return { url: `http://127.0.0.1:${port}`, port, asked: Promise.resolve(), close };
}

function drip(socket: Socket, clock: Clock): void {
  if (socket.destroyed) return;
  socket.write('a');
  clock.setTimer(() => drip(socket, clock), TRICKLE_MS);
}

/** Writes as fast as the other side reads. */
function pour(socket: Socket, start: string): void {
  const chunk = 'x'.repeat(16_384);
  const more = () => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', more);
  socket.write(start);
  more();
}
