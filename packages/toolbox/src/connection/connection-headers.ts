import { Secret } from '@labkeeper/core';
import type { ConnectionOptions } from './connection-options.js';

/**
 * The headers of a request, names in lower case: those of the options, then the authorization. Names are equal whatever their case, and the
 * last one of a name counts, so a plugin's own headers come behind these.
 */
export function connectionHeaders(
  options: Omit<ConnectionOptions, 'tls'>,
): Readonly<Record<string, string | Secret>> {
  return { ...lowerCase(options.headers), ...lowerCase(options.secret_headers), ...authorization(options) };
}

function lowerCase<Value>(headers: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function authorization({
  basic_auth: basic,
  bearer_token: token,
}: Pick<ConnectionOptions, 'basic_auth' | 'bearer_token'>): Readonly<Record<string, Secret>> {
  if (token) return { authorization: new Secret(`Bearer ${token.reveal()}`) };
  if (!basic) return {};
  const pair = Buffer.from(`${basic.username}:${basic.password.reveal()}`).toString('base64');
  return { authorization: new Secret(`Basic ${pair}`) };
}
