import { LabkeeperError } from '@labkeeper/core';

/** Where Labkeeper listens without a file: only here. A first start must not open a door that nobody asked for. */
export const DEFAULT_LISTEN = '127.0.0.1:8466';

/** `host:port`; the host may be a name, an IPv4 address or an IPv6 address in brackets. */
export const LISTEN_PATTERN =
  '^(?:\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9_.-]+):(?:[0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$';

/** Host and port of `127.0.0.1:8466` or `[::1]:8466`. Throws LISTEN_INVALID for another form. */
export function parseListen(text: string): { host: string; port: number } {
  const colon = text.lastIndexOf(':');
  const port = Number(text.slice(colon + 1));
  if (!new RegExp(LISTEN_PATTERN).test(text)) {
    throw new LabkeeperError('LISTEN_INVALID', `'${text}' is no address to listen on.`, {
      found: text,
      allowed: 'HOST:PORT, such as 0.0.0.0:8466',
    });
  }
  return { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port };
}

const LISTEN_LINE = /^listen:[ \t]*(['"]?)([^\s'"#]+)\1[ \t]*(?:#.*)?$/m;

/**
 * The address that a configuration most likely names, without reading it properly. Undefined when that cannot be told; the
 * proper reading decides in any case.
 */
export function guessListen(yaml: string): string | undefined {
  const line = LISTEN_LINE.exec(yaml);
  if (!line) return /^[\s"'{]*listen\b/m.test(yaml) ? undefined : DEFAULT_LISTEN;
  return new RegExp(LISTEN_PATTERN).test(line[2] ?? '') ? line[2] : undefined;
}
