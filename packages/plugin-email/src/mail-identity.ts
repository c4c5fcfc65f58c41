import { createHash } from 'node:crypto';
import type { Notification } from '@labkeeper/core';

/** Hexadecimal digits of an id; more than anybody will ever send mails. */
const ID_DIGITS = 32;

/**
 * The Message-ID of a notification. Made of its id alone, so a duplicate has the same one and mail programs show it
 * once. Hashed, because an id may have characters that a Message-ID may not (RFC 5322, section 3.6.4).
 */
export function messageIdOf({ id }: Notification, domain: string): string {
  return `<notification.${digest(id)}@${domain}>`;
}

/**
 * The headers that bring all mails of one alert into one thread. They name a mail that was never sent: the first mail
 * of an alert may have been dropped or silenced, and those that follow belong together all the same.
 */
export function threadHeaders({ alertId }: Notification, domain: string): Readonly<Record<string, string>> {
  if (alertId === undefined) return {};
  const root = `<alert.${digest(alertId)}@${domain}>`;
  return { 'In-Reply-To': root, References: root };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, ID_DIGITS);
}
