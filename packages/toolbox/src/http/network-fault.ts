import { describeError } from '@labkeeper/core';

/** Whom a connection was meant for; quoted in messages. */
export interface Peer {
  /** Name or address as it was asked for. */
  readonly host: string;
  readonly port: number;
  /** The address that was tried, once known. */
  readonly address?: string | undefined;
}

type Sentence = (peer: string, host: string) => string;

const refused: Sentence = (peer) => `connection refused by ${peer}`;
const closed: Sentence = (peer) => `connection closed by ${peer} before the answer was complete`;
const unreachable: Sentence = (peer) => `no route to ${peer}`;
const silent: Sentence = (peer) => `${peer} does not accept the connection`;
const notFound: Sentence = (_, host) => `name not found: ${host}`;
const noNameServer: Sentence = (_, host) => `no name server could resolve ${host}`;
const untrusted: Sentence = (peer) => `certificate of ${peer} is not signed by a trusted authority`;
const notHttp: Sentence = (peer) => `${peer} does not answer in HTTP`;

/** What the codes of Node, OpenSSL, c-ares and undici mean to people. */
const SENTENCES: Readonly<Record<string, Sentence>> = {
  ECONNREFUSED: refused,
  ECONNRESET: closed,
  ECONNABORTED: closed,
  EPIPE: closed,
  UND_ERR_SOCKET: closed,
  HPE_INVALID_EOF_STATE: closed,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  EHOSTDOWN: unreachable,
  ENETDOWN: unreachable,
  EADDRNOTAVAIL: unreachable,
  ETIMEDOUT: silent,
  UND_ERR_CONNECT_TIMEOUT: silent,
  ENOTFOUND: notFound,
  ENODATA: notFound,
  EAI_AGAIN: noNameServer,
  ESERVFAIL: noNameServer,
  ETIMEOUT: noNameServer,
  EREFUSED: noNameServer,
  ENOENT: (peer) => `there is no socket ${peer}`,
  EACCES: (peer) => `no permission to connect to ${peer}`,
  CERT_HAS_EXPIRED: (peer) => `certificate of ${peer} has expired`,
  CERT_NOT_YET_VALID: (peer) => `certificate of ${peer} is not valid yet`,
  CERT_REVOKED: (peer) => `certificate of ${peer} is revoked`,
  DEPTH_ZERO_SELF_SIGNED_CERT: (peer) => `certificate of ${peer} is self-signed`,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  ERR_TLS_CERT_ALTNAME_INVALID: (peer, host) => `certificate of ${peer} is not for ${host}`,
  CERTIFICATE_FINGERPRINT: (peer) => `certificate of ${peer} is not the one with the given fingerprint`,
  EPROTO: (peer) => `TLS handshake with ${peer} failed`,
  HPE_HEADER_OVERFLOW: (peer) => `headers of the answer of ${peer} are too large`,
  UND_ERR_HEADERS_OVERFLOW: (peer) => `headers of the answer of ${peer} are too large`,
};

const PARSER_CODES: Readonly<Record<string, string>> = { HTTPParserError: 'HPE_INVALID' };

/** The code of an error or, for wrappers such as `fetch failed`, of what caused it. */
function networkCode(error: unknown): string | undefined {
  for (let inner = error, depth = 0; inner instanceof Error && depth < 5; inner = inner.cause, depth++) {
    // undici leaves the code out when the very first byte is wrong.
    const code = 'code' in inner && inner.code !== undefined ? inner.code : PARSER_CODES[inner.name];
    if (typeof code === 'string' && (code in SENTENCES || !(inner.cause instanceof Error))) return code;
    // When several addresses were tried, the first one's fault explains most.
    if (inner instanceof AggregateError) return networkCode(inner.errors[0]);
  }
  return undefined;
}

/** Why there is no answer, in a sentence for people. Says the peer, never the rest of the URL. */
export function describeNetworkFault(error: unknown, peer: Peer): string {
  const code = networkCode(error) ?? '';
  const shown = peer.address === undefined ? peer.host : peer.address;
  const where = peer.port === 0 ? shown : joinHostPort(shown, peer.port);
  const sentence = SENTENCES[code];
  if (sentence) return sentence(where, peer.host);
  if (code === 'NO_SUCH_ADDRESS') return describeError(error);
  if (code.startsWith('HPE_')) return notHttp(where, peer.host);
  if (code.startsWith('ERR_SSL_')) return `TLS handshake with ${where} failed: ${opensslReason(error, code)}`;
  return `no answer from ${where}: ${describeError(error)}`;
}

/** `host:port`, with the brackets that an IPv6 address needs. */
export function joinHostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** OpenSSL's own words, without its source file and line numbers. */
function opensslReason(error: unknown, code: string): string {
  const reason = error instanceof Error && 'reason' in error ? error.reason : undefined;
  return typeof reason === 'string'
    ? reason
    : code.slice('ERR_SSL_'.length).toLowerCase().replaceAll('_', ' ');
}
