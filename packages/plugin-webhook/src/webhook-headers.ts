import { createHash } from 'node:crypto';
import { type Notification, Secret } from '@labkeeper/core';
import { SIGNATURE_HEADER, signature } from './signature.js';
import type { WebhookOptions } from './webhook-options.js';

/** Everything that goes with a body. The configured headers come first: none of them can stand for one of ours. */
export function webhookHeaders(
  { id }: Notification,
  body: string,
  options: WebhookOptions,
  nowMs: number,
): Readonly<Record<string, string | Secret>> {
  const { headers, secret_headers, content_type, secret } = options;
  return {
    'user-agent': 'Labkeeper',
    ...lowerCase(headers),
    ...lowerCase(secret_headers),
    ...authorization(options),
    'content-type': content_type,
    'idempotency-key': headerText(id),
    ...(secret === undefined ? {} : { [SIGNATURE_HEADER]: signature(body, secret, nowMs) }),
  };
}

/** Names are equal whatever their case; the last one of a name counts. */
function lowerCase<Value>(headers: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function authorization({ basic_auth, bearer_token }: WebhookOptions): Readonly<Record<string, Secret>> {
  if (bearer_token) return { authorization: new Secret(`Bearer ${bearer_token.reveal()}`) };
  if (!basic_auth) return {};
  const pair = `${basic_auth.username}:${basic_auth.password.reveal()}`;
  return { authorization: new Secret(`Basic ${Buffer.from(pair).toString('base64')}`) };
}

/** An id with characters that no header may have goes as its hash: the same id, the same header. */
function headerText(id: string): string {
  return /^[\x21-\x7e]{1,255}$/.test(id) ? id : createHash('sha256').update(id).digest('hex');
}
