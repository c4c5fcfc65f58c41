import type { Notification } from '@labkeeper/core';
import { alertColour } from '@labkeeper/toolbox';
import type { EmailOptions } from './email-options.js';
import type { Mail } from './mail-channel.js';
import { htmlMail } from './mail-html.js';
import { messageIdOf, threadHeaders } from './mail-identity.js';
import { mailWords, plainMail } from './mail-text.js';
import { domainOf, parseMailbox } from './mailbox.js';

/** The mail that tells of a notification. Pure: the same notification always gives the same mail. */
export function composeMail(message: Notification, { from }: Pick<EmailOptions, 'from'>): Mail {
  const words = mailWords(message);
  const domain = domainOf(parseMailbox(from));
  const { kind, severity } = message;
  return {
    subject: words.title,
    text: plainMail(words),
    html: htmlMail(words, alertColour(message)),
    messageId: messageIdOf(message, domain),
    headers: {
      ...threadHeaders(message, domain),
      // Out-of-office answers and mailing lists know by it that nobody wrote this (RFC 3834).
      'Auto-Submitted': 'auto-generated',
      // For the filters of a mailbox: words of Labkeeper's own, never foreign text.
      'X-Labkeeper-Kind': kind,
      'X-Labkeeper-Severity': severity,
    },
    isUrgent: kind === 'alert.firing' && severity === 'critical',
  };
}
