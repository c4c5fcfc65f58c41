import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import type { Clock, Secret, TlsOptions } from '@labkeeper/core';
import type { Address, IpVersion } from '../names/address.js';
import type { NameResolver } from '../names/name-resolver.js';
import type { Deadline } from '../time/deadline.js';
import type { TlsFacts } from '../tls/tls-facts.js';
import { connectSocket } from './connect-socket.js';
import type { PhaseTimes, ProbeAnswer, ProbePhase } from './probe-types.js';
import { receiveBody } from './receive-body.js';
import { sendRequest } from './send-request.js';
import { startTls } from './start-tls.js';

/** One request on a connection of its own. */
export interface Exchange {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | Secret>>;
  readonly body: string | undefined;
  readonly bodyUse: 'keep' | 'discard';
  readonly maxBodyBytes: number;
  readonly ipVersion: IpVersion;
  readonly tls: TlsOptions;
}

/** What an exchange works with. */
export interface ExchangeTools {
  readonly clock: Clock;
  readonly names: NameResolver;
  readonly deadline: Deadline;
}

/** How far an exchange has got; filled on the way, so that a failure can tell. */
export interface Progress {
  readonly url: URL;
  readonly phases: PhaseTimes;
  phase: ProbePhase;
  address?: Address;
  tls?: TlsFacts;
  status?: number;
}

/** Runs one request. Rejects with the fault that ended it; `progress` says where that was. */
export async function runExchange(
  exchange: Exchange,
  progress: Progress,
  tools: ExchangeTools,
): Promise<ProbeAnswer> {
  const { deadline, clock } = tools;
  const step = async <Value>(phase: ProbePhase, work: () => Promise<Value>): Promise<Value> => {
    progress.phase = phase;
    const startMs = clock.monotonicMs();
    try {
      return await work();
    } finally {
      progress.phases[phase] = clock.monotonicMs() - startMs;
    }
  };
  const host = hostOf(exchange.url);
  const literal = literalAddress(host, exchange.ipVersion);
  const addresses = literal ?? (await step('resolve', () => resolveName(host, exchange.ipVersion, tools)));
  const plain = await step('connect', () => openSocket(exchange.url, { addresses, progress, tools }));
  const socket =
    exchange.url.protocol === 'https:'
      ? await step('tls', () => startTls({ socket: plain, host, tls: exchange.tls, deadline, progress }))
      : plain;
  const response = await step('processing', () => sendRequest(socket, exchange, deadline));
  progress.status = response.statusCode ?? 0;
  return step('transfer', () => receiveBody(response, exchange, deadline));
}

/** The host without the brackets of an IPv6 address. */
export function hostOf(url: URL): string {
  return url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
}

/** The port, also when the URL leaves it out. */
export function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
}

/** Addresses need no resolving. One of the wrong version goes to the resolver, which says what is wrong. */
function literalAddress(host: string, version: IpVersion): readonly Address[] | undefined {
  const family = isIP(host);
  if (family !== 4 && family !== 6) return undefined;
  return version === 'any' || version === family ? [{ address: host, family }] : undefined;
}

function resolveName(
  host: string,
  version: IpVersion,
  { names, deadline }: ExchangeTools,
): Promise<readonly Address[]> {
  return deadline.guard((resolve, reject) => {
    names.resolve(host, version).then(resolve, reject);
    // A question to a name server cannot be taken back; its answer is simply not waited for.
    return () => undefined;
  });
}

function openSocket(
  url: URL,
  { addresses, progress, tools }: { addresses: readonly Address[]; progress: Progress; tools: ExchangeTools },
): Promise<Socket> {
  return tools.deadline.guard((resolve, reject) =>
    connectSocket({
      addresses,
      port: portOf(url),
      clock: tools.clock,
      onConnect: (socket, address) => {
        progress.address = address;
        resolve(socket);
      },
      onFail: (error, address) => {
        progress.address = address;
        // The next probe asks the name server again: perhaps the service has moved.
        tools.names.forget(hostOf(url));
        reject(error);
      },
    }),
  );
}
