import { isIP } from 'node:net';

const HOST_PORT = /^(?:\[([^\][]*)\]|([^\][:]*)):([^\][:]*)$/;

/** `host:port` taken apart, or undefined for a text that is not of that form. A host with colons stands in brackets. */
function splitHostPort(text: string): { host: string; port: string } | undefined {
  const found = HOST_PORT.exec(text);
  return found ? { host: found[1] ?? found[2] ?? '', port: found[3] ?? '' } : undefined;
}

/** The host of `host:port`; other texts as they are. */
export function stripPort(text: string): string {
  return splitHostPort(text)?.host ?? text;
}

/** The first name of a host: `nas.home.lan:9100` is `nas:9100`. Addresses stay as they are. */
export function stripDomain(text: string): string {
  const split = splitHostPort(text);
  const host = split?.host ?? text;
  if (isIP(host) !== 0) return text;
  const [name = ''] = host.split('.', 1);
  return split && split.port !== '' ? `${name}:${split.port}` : name;
}
