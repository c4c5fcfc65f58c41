import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { TlsOptions } from '@labkeeper/core';
import { plainFingerprint } from './tls-trust.js';

/** What the other side's TLS is like. */
export interface TlsFacts {
  /** `TLSv1.3` and so on. */
  readonly protocol: string;
  readonly subject: string;
  readonly issuer: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** The earliest end of all certificates that were sent: the chain breaks with its first. */
  readonly earliestExpiryMs: number;
  /** Why the certificate is not to be trusted; absent when it is. */
  readonly fault?: string;
}

/** Certificates looked at in a chain; real ones have three, and a circle must end. */
const LONGEST_CHAIN = 10;

/** Reads them from a finished handshake. */
export function tlsFacts(socket: TLSSocket, tls: TlsOptions): TlsFacts | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) return undefined;
  const fault = trustFault(socket, certificate, tls);
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    subject: commonName(certificate.subject),
    issuer: commonName(certificate.issuer),
    notBeforeMs: Date.parse(certificate.validFrom),
    notAfterMs: Date.parse(certificate.validTo),
    earliestExpiryMs: Math.min(...chainOf(certificate).map(({ validTo }) => Date.parse(validTo))),
    ...(fault === undefined ? {} : { fault }),
  };
}

/** A fingerprint replaces every other condition: it names exactly one certificate. */
function trustFault(socket: TLSSocket, certificate: X509Certificate, tls: TlsOptions): string | undefined {
  if (tls.fingerprint !== undefined) {
    const isTheOne = plainFingerprint(certificate.fingerprint256) === plainFingerprint(tls.fingerprint);
    return isTheOne ? undefined : 'CERTIFICATE_FINGERPRINT';
  }
  if (tls.trust === 'insecure' || socket.authorized) return undefined;
  return String(socket.authorizationError);
}

function chainOf(certificate: X509Certificate): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  for (let link: X509Certificate | undefined = certificate; link && chain.length < LONGEST_CHAIN; ) {
    chain.push(link);
    link = link.issuerCertificate;
  }
  return chain;
}

/** The common name of a distinguished name, or else its first part. */
function commonName(distinguishedName: string): string {
  const lines = (distinguishedName ?? '').split('\n');
  const line = lines.find((part) => part.startsWith('CN=')) ?? lines[0] ?? '';
  return line.slice(line.indexOf('=') + 1);
}
