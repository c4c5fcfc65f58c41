import { type Logger, RetryFailure } from '@labkeeper/core';
import { Deadline, type Peer, quoteText } from '@labkeeper/toolbox';
import type { SMTPPoolSentMessageInfo } from 'nodemailer';
import type { EmailOptions, SmtpOptions } from './email-options.js';
import type { DeliveryBounds, Mail, MailChannel } from './mail-channel.js';
import { parseMailbox } from './mailbox.js';
import { SettledRecipients } from './recipients.js';
import { smtpFailure } from './smtp-failure.js';
import { type SmtpTransport, smtpPort, smtpTransport } from './smtp-transport.js';

/** What a server says of a mail that it took for somebody at least. */
type Receipt = SMTPPoolSentMessageInfo;

/** Sends over a mail server. One for an instance; never sends two mails at once, as the engine asks for one at a time. */
export class SmtpChannel implements MailChannel {
  readonly #transport: SmtpTransport;
  readonly #peer: Peer;
  readonly #settled = new SettledRecipients();

  constructor(
    smtp: SmtpOptions,
    private readonly options: Pick<EmailOptions, 'from' | 'to' | 'reply_to'>,
    private readonly log: Logger,
  ) {
    this.#transport = smtpTransport(smtp);
    this.#peer = { host: smtp.host, port: smtpPort(smtp) };
  }

  async send(mail: Mail, bounds: DeliveryBounds): Promise<void> {
    const all = this.options.to.map((text) => parseMailbox(text).address);
    const recipients = this.#settled.missing(mail.messageId, all);
    try {
      this.#settle(mail, await this.#transmit(mail, recipients, bounds));
    } catch (error) {
      const failure =
        error instanceof RetryFailure ? error : smtpFailure(error, this.#peer, bounds.timeoutMs);
      if (failure instanceof RetryFailure || recipients.length === all.length) throw failure;
      // Others have got it on an earlier try, so it is no lost mail.
      this.log.warn('recipients were refused for good', { recipients, answer: failure.message });
      this.#settled.forget(mail.messageId);
    }
  }

  close(): void {
    this.#transport.close({ force: true });
  }

  async #transmit(mail: Mail, recipients: readonly string[], bounds: DeliveryBounds): Promise<Receipt> {
    const deadline = new Deadline(bounds);
    try {
      return await deadline.guard<Receipt>((resolve, reject) => {
        const givingUp = new AbortController();
        const message = { ...this.#message(mail, recipients, bounds.clock.now()), signal: givingUp.signal };
        this.#transport.sendMail(message).then(resolve, reject);
        // Cuts the connection, so that a server that hangs keeps nothing.
        return () => givingUp.abort();
      });
    } finally {
      deadline.close();
    }
  }

  #message(mail: Mail, recipients: readonly string[], nowMs: number) {
    const { from, to, reply_to } = this.options;
    const sender = parseMailbox(from);
    return {
      from: sender,
      to: to.map(parseMailbox),
      ...(reply_to === undefined ? {} : { replyTo: parseMailbox(reply_to) }),
      envelope: { from: sender.address, to: [...recipients] },
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      messageId: mail.messageId,
      date: new Date(nowMs),
      headers: mail.headers,
      ...(mail.isUrgent ? { priority: 'high' as const } : {}),
      // nodemailer would name itself.
      xMailer: 'Labkeeper',
    };
  }

  /** Some may have been refused. Those deferred are tried again alone; those refused for good are told of. */
  #settle({ messageId }: Mail, { accepted, rejectedErrors = [] }: Receipt): void {
    const deferred = rejectedErrors.filter(({ responseCode = 0 }) => responseCode < 500);
    const refused = rejectedErrors.filter((error) => !deferred.includes(error));
    for (const { recipient, response = '' } of refused)
      this.log.warn('a recipient was refused for good', { recipient, answer: quoteText(response) });
    const [first] = deferred;
    if (!first) return this.#settled.forget(messageId);
    const done = [...accepted.map(addressText), ...refused.map(({ recipient = '' }) => recipient)];
    this.#settled.settle(messageId, done);
    const names = deferred.map(({ recipient }) => recipient).join(', ');
    throw new RetryFailure(
      'REQUEST_REFUSED',
      `${this.#peer.host} took the mail, but not yet for ${names}: ${quoteText(first.response ?? '')}`,
    );
  }
}

function addressText(recipient: string | { readonly address: string }): string {
  return typeof recipient === 'string' ? recipient : recipient.address;
}
