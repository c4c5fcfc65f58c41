import type { LookupFunction } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Clock, TlsOptions } from '@labkeeper/core';
import type { Agent, buildConnector } from 'undici';
import { namesOf } from '../names/name-resolver.js';
import { plainFingerprint, secureContext } from '../tls/tls-trust.js';

/** Pools of connections, one for each way to trust and each socket. */
export interface Dispatchers {
  /** The pool for these options. Rejects once the client has been stopped. */
  get(tls: TlsOptions, socketPath: string | undefined): Promise<Agent>;
}

export interface DispatchersSetup {
  readonly clock: Clock;
  readonly maxSockets: number;
  readonly signal: AbortSignal | undefined;
}

/** undici's own patience for a connection, in milliseconds. A backstop: the request's deadline is usually shorter. */
const CONNECT_TIMEOUT_MS = 30_000;

/** Keeps the pools of one client. undici is loaded with the first request: it is 20 MB that many programs never need. */
export function createDispatchers(setup: DispatchersSetup): Dispatchers {
  const agents = new Map<string, Promise<Agent>>();
  const stop = () => {
    for (const agent of agents.values()) void agent.then((made) => made.destroy());
  };
  setup.signal?.addEventListener('abort', stop, { once: true });
  return {
    get(tls, socketPath) {
      if (setup.signal?.aborted) return Promise.reject(new Error('the HTTP client has been stopped'));
      const key = JSON.stringify([tls.trust, tls.ca, tls.fingerprint, tls.serverName, socketPath]);
      const known = agents.get(key);
      if (known) return known;
      const made = makeAgent(setup, tls, socketPath);
      agents.set(key, made);
      return made;
    },
  };
}

async function makeAgent(
  setup: DispatchersSetup,
  tls: TlsOptions,
  socketPath: string | undefined,
): Promise<Agent> {
  const { Agent, buildConnector } = await import('undici');
  const connect = buildConnector({
    timeout: CONNECT_TIMEOUT_MS,
    lookup: lookupOf(setup.clock),
    secureContext: secureContext(tls.ca),
    // A pinned certificate is checked below; OpenSSL would refuse it first, because it is mostly self-signed.
    rejectUnauthorized: tls.fingerprint === undefined && tls.trust !== 'insecure',
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
    ...(socketPath === undefined ? {} : { socketPath }),
    // A resumed session has no certificate to look at.
    ...(tls.fingerprint === undefined ? {} : { maxCachedSessions: 0 }),
  });
  return new Agent({
    connections: setup.maxSockets,
    // Time is bounded by the request's deadline, which is told by the Clock.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: tls.fingerprint === undefined ? connect : pinned(connect, tls.fingerprint),
  });
}

/** Refuses a connection whose certificate is not the one that was named, before anything is sent. */
function pinned(connect: buildConnector.connector, fingerprint: string): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...outcome) => {
      const [error, socket] = outcome;
      if (error !== null || isPinned(socket as TLSSocket, fingerprint)) return callback(...outcome);
      socket.destroy();
      callback(Object.assign(new Error('another certificate'), { code: 'CERTIFICATE_FINGERPRINT' }), null);
    });
}

function isPinned(socket: TLSSocket, fingerprint: string): boolean {
  const found = socket.getPeerX509Certificate?.()?.fingerprint256;
  return found !== undefined && plainFingerprint(found) === plainFingerprint(fingerprint);
}

/** Names are resolved as the probe does it, so that a silent name server never blocks the threads of files and database. */
function lookupOf(clock: Clock): LookupFunction {
  return (host, options, callback) => {
    const version = options.family === 4 || options.family === 6 ? options.family : 'any';
    namesOf(clock)
      .resolve(host, version)
      .then(
        (addresses) => {
          if (options.all)
            callback(
              null,
              addresses.map(({ address, family }) => ({ address, family })),
            );
          else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
        },
        (error: NodeJS.ErrnoException) => callback(error, ''),
      );
  };
}
