import { createHash } from 'node:crypto';
import type { Notification, Secret } from '@labkeeper/core';
import { connectionHeaders } from '@labkeeper/toolbox';
import { SIGNATURE_HEADER, signature } from './signature.js';
import type { WebhookOptions } from './webhook-options.js';

/** Everything that goes with a body. The configured headers come first: none of them can stand for one of ours. */
export function webhookHeaders(
  { id }: Notification,
  body: string,
  options: WebhookOptions,
  nowMs: number,
): Readonly<Record<string, string | Secret>> {
  const { content_type, secret } = options;
  return {
    'user-agent': 'Labkeeper',
    ...connectionHeaders(options),
    'content-type': content_type,
    'idempotency-key': headerText(id),
    ...(secret === undefined ? {} : { [SIGNATURE_HEADER]: signature(body, secret, nowMs) }),
  };
}

/** An id with characters that no header may have goes as its hash: the same id, the same header. */
function headerText(id: string): string {
  return /^[\x21-\x7e]{1,255}$/.test(id) ? id : createHash('sha256').update(id).digest('hex');
}
