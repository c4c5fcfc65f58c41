import { ConfigFailure, defineNotifier, type PluginContext } from '@labkeeper/core';
import { composeMail } from './compose-mail.js';
import { type EmailOptions, emailOptions } from './email-options.js';
import type { MailChannel } from './mail-channel.js';
import { TEXT_LENGTH } from './mail-text.js';
import { ResendChannel } from './resend-channel.js';
import { validateEmailOptions } from './validate-email-options.js';

/** Sends mails over a mail server or over Resend. */
export const emailNotifier = defineNotifier({
  name: 'email',
  summary: 'Sends messages by e-mail.',
  options: emailOptions,
  // Two a second is what Resend allows; mail servers of providers take no more for long either.
  limits: { textLength: TEXT_LENGTH, messagesPerSecond: 2, buttons: 'hidden' },

  validate: validateEmailOptions,

  start: openChannel,

  stop(channel) {
    channel.close();
  },

  async notify(message, { options, state, clock, timeoutMs, signal }) {
    await state.send(composeMail(message, options), { clock, timeoutMs, signal });
  },
});

async function openChannel({ options, http, log }: PluginContext<EmailOptions>): Promise<MailChannel> {
  if (options.resend) return new ResendChannel(options.resend, options, http);
  // nodemailer is loaded by those alone who send over SMTP.
  const { SmtpChannel } = await import('./smtp-channel.js');
  if (options.smtp) return new SmtpChannel(options.smtp, options, log);
  throw new ConfigFailure(validateEmailOptions(options));
}
