import { rootCertificates } from 'node:tls';
import {
  createTransport,
  type SMTPPoolOptions,
  type SMTPPoolSentMessageInfo,
  type Transporter,
} from 'nodemailer';
import type { SmtpOptions } from './email-options.js';

/** A submission port each (RFC 8314, section 3; RFC 5321 for the plain one). */
const PORTS: Readonly<Record<SmtpOptions['security'], number>> = { starttls: 587, tls: 465, none: 25 };
/** An idle connection is closed before the server loses patience; alerts come in bursts, and a burst is over by then. */
const IDLE_TIMEOUT_MS = 30_000;
/** nodemailer's own patience. The deadline of each delivery is shorter and told by the Clock; this only catches what it left. */
const BACKSTOP_TIMEOUT_MS = 300_000;

/** A pool of connections, of which there is one. */
export type SmtpTransport = Transporter<SMTPPoolSentMessageInfo, SMTPPoolOptions>;

/** The port of the options, or the usual one. */
export function smtpPort({ port, security }: SmtpOptions): number {
  return port ?? PORTS[security];
}

/**
 * One connection to the mail server, opened with the first mail and kept for the next. SMTP is no HTTP, so it cannot
 * go through the context's client: nodemailer opens the socket, and everything it may do is bounded here.
 */
export function smtpTransport(options: SmtpOptions): SmtpTransport {
  const { host, security, user, password, client_name } = options;
  return createTransport({
    pool: true,
    host,
    port: smtpPort(options),
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: tlsOptions(options),
    ...(user === undefined || password === undefined ? {} : { auth: { user, pass: password.reveal() } }),
    ...(client_name === undefined ? {} : { name: client_name }),
    maxConnections: 1,
    // A server that closed an idle connection is asked once more over a new one, before a byte of the mail was sent.
    maxRequeues: 1,
    idleTimeout: IDLE_TIMEOUT_MS,
    connectionTimeout: BACKSTOP_TIMEOUT_MS,
    greetingTimeout: BACKSTOP_TIMEOUT_MS,
    socketTimeout: BACKSTOP_TIMEOUT_MS,
    dnsTimeout: BACKSTOP_TIMEOUT_MS,
    // A connection that is given up is gone at once, and not after a farewell.
    socketCloseTimeout: 0,
    // A mail is made of texts; nothing in it may bring in a file or a page.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function tlsOptions({ tls }: SmtpOptions) {
  return {
    rejectUnauthorized: tls.trust === 'verify',
    // An additional authority is beside the known ones, not in their place.
    ...(tls.ca === undefined ? {} : { ca: [...rootCertificates, tls.ca] }),
    ...(tls.server_name === undefined ? {} : { servername: tls.server_name }),
  };
}
