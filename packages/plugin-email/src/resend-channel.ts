import { createHash } from 'node:crypto';
import { type HttpClient, Secret } from '@labkeeper/core';
import type { EmailOptions, ResendOptions } from './email-options.js';
import type { DeliveryBounds, Mail, MailChannel } from './mail-channel.js';
import { assertSent } from './resend-answer.js';

/** Sends over Resend's API: https://resend.com/docs/api-reference/emails/send-email. */
export class ResendChannel implements MailChannel {
  constructor(
    private readonly resend: ResendOptions,
    private readonly options: Pick<EmailOptions, 'from' | 'to' | 'reply_to'>,
    private readonly http: HttpClient,
  ) {}

  async send(mail: Mail, { clock, timeoutMs, signal }: DeliveryBounds): Promise<void> {
    const body = JSON.stringify(this.#letter(mail));
    const response = await this.http.request({
      url: `${this.resend.url}/emails`,
      method: 'POST',
      headers: {
        authorization: this.#authorization(),
        'content-type': 'application/json',
        // Resend answers 403 to whoever gives no name.
        'user-agent': 'Labkeeper',
        'idempotency-key': idempotencyKey(mail, body),
      },
      body,
      timeoutMs,
      signal,
    });
    assertSent(response, clock.now());
  }

  /** The connections are the shared client's. */
  close(): void {}

  #authorization() {
    return new Secret(`Bearer ${this.resend.api_key.reveal()}`);
  }

  #letter(mail: Mail) {
    const { from, to, reply_to } = this.options;
    return {
      from,
      to,
      ...(reply_to === undefined ? {} : { reply_to }),
      subject: mail.subject,
      html: mail.html,
      text: mail.text,
      headers: mail.headers,
    };
  }
}

/**
 * The same for every try of one mail to the same readers. The content counts as well: two channels may tell of one
 * notification with the same API key, and Resend refuses one key with two contents.
 */
function idempotencyKey({ messageId }: Mail, body: string): string {
  return createHash('sha256').update(`${messageId}\n${body}`).digest('hex');
}
