import type { Clock } from '@labkeeper/core';

/** A mail before it is sent: what a reader sees, and the headers that are the same whichever way it goes. */
export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Same for every delivery of one notification, so that readers and servers know a duplicate. */
  readonly messageId: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly isUrgent: boolean;
}

/** What bounds one delivery. */
export interface DeliveryBounds {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** One way out for mails; made for an instance when it starts. */
export interface MailChannel {
  /** Resolves when the other side has accepted the mail. Throws RetryFailure or DropFailure. */
  send(mail: Mail, bounds: DeliveryBounds): Promise<void>;
  /** Leaves no socket. */
  close(): void;
}
