import { createHmac } from 'node:crypto';
import type { Secret } from '@labkeeper/core';

/** The header that carries the signature. */
export const SIGNATURE_HEADER = 'x-labkeeper-signature';

/**
 * `t=SECONDS,v1=HEX`: HMAC-SHA256 of `SECONDS.BODY`. The time is signed too, so that a receiver can refuse what somebody
 * recorded and sends again later. `v1` names the scheme: another one could stand beside it. Called once per try.
 */
export function signature(body: string, secret: Secret, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1_000);
  const digest = createHmac('sha256', secret.reveal()).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${digest}`;
}
