import { isIP, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { TlsOptions } from '@labkeeper/core';
import type { Deadline } from '../time/deadline.js';
import { tlsFacts } from '../tls/tls-facts.js';
import { secureContext } from '../tls/tls-trust.js';
import type { Progress } from './exchange.js';

/** The certificate is not to be trusted, so nothing was sent. */
export class UntrustedPeer extends Error {
  override readonly name = 'UntrustedPeer';

  constructor(readonly code: string) {
    super(code);
  }
}

export interface TlsStart {
  readonly socket: Socket;
  /** Name or address that the certificate must be for. */
  readonly host: string;
  readonly tls: TlsOptions;
  readonly deadline: Deadline;
  readonly progress: Progress;
}

/** Speaks TLS on a connection. Rejects with {@link UntrustedPeer} when the certificate does not fit. */
export function startTls({ socket, host, tls, deadline, progress }: TlsStart): Promise<TLSSocket> {
  // A handshake writes small pieces, which would wait for each other's acknowledgement.
  socket.setNoDelay(true);
  return deadline.guard((resolve, reject) => {
    const secured = connect({
      socket,
      ...namesFor(host, tls),
      secureContext: secureContext(tls.ca),
      rejectUnauthorized: false,
    });
    secured.once('error', reject);
    secured.once('secureConnect', () => {
      secured.off('error', reject);
      // Judged here and not by Node, which would throw the certificate away: its dates are to be reported.
      const facts = tlsFacts(secured, tls);
      if (facts) progress.tls = facts;
      const fault = facts ? facts.fault : 'NO_CERTIFICATE';
      if (fault === undefined) return resolve(secured);
      secured.destroy();
      reject(new UntrustedPeer(fault));
    });
    // Some servers close instead of answering a handshake; TLS sockets do not call that an error.
    secured.once('close', () =>
      reject(Object.assign(new Error('closed during the handshake'), { code: 'ECONNRESET' })),
    );
    return () => secured.destroy();
  });
}

/** An address must not be sent as a server name (RFC 6066, section 3), but the certificate is held against it. */
function namesFor(host: string, { serverName }: TlsOptions): { host: string; servername: string } {
  const name = serverName ?? host;
  return { host: name, servername: isIP(name) === 0 ? name : '' };
}
