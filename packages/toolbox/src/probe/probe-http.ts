import { describeNetworkFault, joinHostPort } from '../http/network-fault.js';
import { nextRequest } from '../http/redirect.js';
import { shownUrl } from '../http/shown-url.js';
import { namesOf } from '../names/name-resolver.js';
import { Deadline, WaitEnded } from '../time/deadline.js';
import { type Exchange, type ExchangeTools, hostOf, type Progress, portOf, runExchange } from './exchange.js';
import type {
  PhaseTimes,
  ProbeAnswer,
  ProbeFailure,
  ProbePhase,
  ProbeReport,
  ProbeRequest,
} from './probe-types.js';
import { UntrustedPeer } from './start-tls.js';

/** A page of text is smaller; a download behind a monitored address should not be fetched every 20 seconds. */
const DEFAULT_MAX_BODY_BYTES = 1024 * 1024;

/**
 * Asks an HTTP server as a stranger would: a new connection for every request, nothing reused. Never rejects: a server
 * that does not answer is what a probe is for. Bounded in time and size; ends at once when the signal aborts.
 */
export async function probeHttp(request: ProbeRequest): Promise<ProbeReport> {
  const { clock } = request;
  const startMs = clock.monotonicMs();
  const tools: ExchangeTools = { clock, names: namesOf(clock), deadline: new Deadline(request) };
  const hops: Progress[] = [];
  try {
    const end = await followRedirects(request, hops, tools);
    return { ...end, totalMs: clock.monotonicMs() - startMs, phases: sumPhases(hops), hops };
  } finally {
    tools.deadline.close();
  }
}

type End = { answer: ProbeAnswer; failure?: never } | { answer?: never; failure: ProbeFailure };

async function followRedirects(request: ProbeRequest, hops: Progress[], tools: ExchangeTools): Promise<End> {
  const { maxRedirects = 0 } = request;
  let exchange = firstExchange(request);
  for (;;) {
    const hop: Progress = { url: exchange.url, phases: {}, phase: 'resolve' };
    hops.push(hop);
    try {
      const answer = await runExchange(exchange, hop, tools);
      const next = maxRedirects > 0 ? nextRequest(exchange, answer) : undefined;
      if (!next) return { answer };
      if (hops.length > maxRedirects) return { failure: tooManyRedirects(hop, next.url, maxRedirects) };
      exchange = { ...exchange, ...next };
    } catch (error) {
      return { failure: failureOf(error, hop, request) };
    }
  }
}

function firstExchange(request: ProbeRequest): Exchange {
  return {
    url: request.url,
    method: request.method ?? 'GET',
    headers: request.headers ?? {},
    body: request.body,
    bodyUse: request.bodyUse ?? 'discard',
    maxBodyBytes: request.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
    ipVersion: request.ipVersion ?? 'any',
    tls: request.tls ?? {},
  };
}

function tooManyRedirects({ phase }: Progress, url: URL, maxRedirects: number): ProbeFailure {
  const count = maxRedirects === 1 ? '1 redirect' : `${maxRedirects} redirects`;
  return { phase, reason: 'redirects', message: `more than ${count}, the next one to ${shownUrl(url)}` };
}

/** What was being waited for when the time was up. */
const WAITS: Readonly<Record<ProbePhase, string>> = {
  resolve: 'resolving the name of',
  connect: 'connecting to',
  tls: 'waiting for the TLS handshake of',
  processing: 'waiting for the answer of',
  transfer: 'reading the answer of',
};

function failureOf(
  error: unknown,
  { url, phase, address }: Progress,
  { timeoutMs }: ProbeRequest,
): ProbeFailure {
  const peer = { host: hostOf(url), port: portOf(url), address: address?.address };
  if (error instanceof WaitEnded) {
    const where = joinHostPort(peer.address ?? peer.host, peer.port);
    const verb = error.reason === 'timeout' ? `time-out after ${timeoutMs / 1_000} s` : 'stopped';
    return { phase, reason: error.reason, message: `${verb} while ${WAITS[phase]} ${where}` };
  }
  const reason = error instanceof UntrustedPeer ? 'untrusted' : 'network';
  return { phase, reason, message: describeNetworkFault(error, peer) };
}

function sumPhases(hops: readonly Progress[]): PhaseTimes {
  const [first, ...others] = hops;
  const sums: PhaseTimes = { ...first?.phases };
  for (const { phases } of others) {
    for (const [phase, ms] of Object.entries(phases) as [ProbePhase, number][])
      sums[phase] = (sums[phase] ?? 0) + ms;
  }
  return sums;
}
