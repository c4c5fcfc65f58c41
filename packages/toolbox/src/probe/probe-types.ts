import type { IncomingHttpHeaders } from 'node:http';
import type { Clock, Secret, TlsOptions } from '@labkeeper/core';
import type { Address, IpVersion } from '../names/address.js';
import type { TlsFacts } from '../tls/tls-facts.js';

/** The parts of a probe in the order they happen; the names of blackbox_exporter. */
export const PROBE_PHASES = ['resolve', 'connect', 'tls', 'processing', 'transfer'] as const;
export type ProbePhase = (typeof PROBE_PHASES)[number];

/** Milliseconds by phase; a phase that did not happen is absent. */
export type PhaseTimes = Partial<Record<ProbePhase, number>>;

/** What to ask, and how. */
export interface ProbeRequest {
  readonly url: URL;
  readonly clock: Clock;
  /** For everything, redirects included, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Default GET. */
  readonly method?: string;
  /** Secrets among them are revealed when they are sent, and never sent to another origin after a redirect. */
  readonly headers?: Readonly<Record<string, string | Secret>>;
  readonly body?: string;
  /** Redirects to follow. Default 0: the redirect is the answer. */
  readonly maxRedirects?: number;
  /** `discard` (default) reads the body for its length and time only. */
  readonly bodyUse?: 'keep' | 'discard';
  /** Reading stops after this many bytes. Default 1 MiB. */
  readonly maxBodyBytes?: number;
  /** Default `any`. */
  readonly ipVersion?: IpVersion;
  readonly tls?: TlsOptions;
}

/** One request of a probe and what came of it. */
export interface ProbeHop {
  readonly url: URL;
  readonly phases: PhaseTimes;
  readonly address?: Address;
  /** Present for https as soon as the handshake was done, also when the certificate is not to be trusted. */
  readonly tls?: TlsFacts;
  readonly status?: number;
}

export interface ProbeAnswer {
  readonly status: number;
  readonly statusText: string;
  /** `1.1` and so on. */
  readonly httpVersion: string;
  readonly headers: IncomingHttpHeaders;
  /** Empty unless it was to be kept. Never longer than `maxBodyBytes`. */
  readonly body: Buffer;
  /** What was read of it. */
  readonly bodyBytes: number;
  /** There was more than `maxBodyBytes`. */
  readonly isBodyCut: boolean;
}

/** Why there is no answer. */
export interface ProbeFailure {
  readonly phase: ProbePhase;
  readonly reason: 'timeout' | 'aborted' | 'network' | 'untrusted' | 'redirects';
  /** A sentence for people, without secrets. */
  readonly message: string;
}

/** What a probe found: an answer, or why there is none. */
export type ProbeReport = {
  readonly totalMs: number;
  /** Sums over all hops. */
  readonly phases: PhaseTimes;
  /** At least one; the last is the one that decided. */
  readonly hops: readonly ProbeHop[];
} & (
  | { readonly answer: ProbeAnswer; readonly failure?: never }
  | { readonly answer?: never; readonly failure: ProbeFailure }
);
