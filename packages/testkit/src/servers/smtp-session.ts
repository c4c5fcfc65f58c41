import type { Duplex } from 'node:stream';

/** A mail that was accepted. */
export interface ReceivedMail {
  /** Sender and recipients of the envelope, without brackets. */
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body as they were sent, lines ending with CRLF. */
  readonly data: string;
  /** Who logged in. */
  readonly user?: string;
  readonly isEncrypted: boolean;
}

/** Where in the conversation a fault happens. `message` is the end of the mail, when the server decides about it. */
export type SmtpStage = 'greeting' | 'EHLO' | 'STARTTLS' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'message';

/** What a server knows and decides, for all of its sessions. */
export interface SmtpPolicy {
  readonly offersStartTls: boolean;
  /** Asked for when there are any. */
  readonly credentials: { readonly user: string; readonly password: string } | undefined;
  /** What the server does instead of its duty: says nothing, goes away, or gives this answer. */
  faultAt(stage: SmtpStage, line: string): 'hang' | 'cut' | string | undefined;
  accept(mail: ReceivedMail): void;
  /** Goes on with TLS on this connection. */
  upgrade(): void;
}

const STAGES: Readonly<Record<string, SmtpStage>> = {
  EHLO: 'EHLO',
  STARTTLS: 'STARTTLS',
  AUTH: 'AUTH',
  MAIL: 'MAIL',
  RCPT: 'RCPT',
  DATA: 'DATA',
};

/** The server's side of one conversation in SMTP (RFC 5321), over a plain or an encrypted stream. */
export class SmtpSession {
  #unread = '';
  #from: string | undefined;
  #to: string[] = [];
  #user: string | undefined;
  /** Lines of the mail while it comes in. */
  #message: string[] | undefined;
  #isOver = false;

  constructor(
    private readonly stream: Duplex,
    private readonly policy: SmtpPolicy,
    private readonly isEncrypted: boolean,
  ) {
    stream.on('data', this.#onData);
    // A client that goes away in the middle is what many tests are about.
    stream.on('error', () => undefined);
  }

  greet(): void {
    this.#answer('greeting', '', () => '220 mail.example ESMTP');
  }

  readonly #onData = (chunk: Buffer) => {
    this.#unread += chunk.toString();
    for (;;) {
      const end = this.#unread.indexOf('\r\n');
      if (end < 0 || this.#isOver) return;
      const line = this.#unread.slice(0, end);
      this.#unread = this.#unread.slice(end + 2);
      if (this.#message) this.#readMessage(this.#message, line);
      else this.#command(line);
    }
  };

  #command(line: string): void {
    const verb = (/^[A-Za-z]+/.exec(line)?.[0] ?? '').toUpperCase();
    const stage = STAGES[verb];
    if (stage) return this.#answer(stage, line, () => this.#duty(stage, line));
    if (verb === 'QUIT') {
      this.stream.end('221 Bye\r\n');
      this.#isOver = true;
      return;
    }
    if (verb === 'RSET') this.#forget();
    this.stream.write(verb === 'RSET' || verb === 'NOOP' ? '250 OK\r\n' : '502 Not implemented\r\n');
  }

  /** Plays the fault that is set for this place, or does what is due. */
  #answer(stage: SmtpStage, line: string, duty: () => string): void {
    const fault = this.policy.faultAt(stage, line);
    if (fault === 'hang') {
      this.#isOver = true;
      return;
    }
    if (fault === 'cut') {
      this.#isOver = true;
      return void this.stream.destroy();
    }
    this.stream.write(`${fault ?? duty()}\r\n`);
  }

  #duty(stage: SmtpStage, line: string): string {
    switch (stage) {
      case 'EHLO':
        return this.#abilities();
      case 'STARTTLS':
        return this.#startTls();
      case 'AUTH':
        return this.#login(line);
      case 'MAIL':
        return this.#begin(line);
      case 'RCPT':
        this.#to.push(addressIn(line));
        return '250 Accepted';
      default:
        if (this.#to.length === 0) return '554 No valid recipients';
        this.#message = [];
        return '354 Go on';
    }
  }

  #abilities(): string {
    const mayLogIn = this.policy.credentials && (this.isEncrypted || !this.policy.offersStartTls);
    const lines = ['mail.example', 'PIPELINING', '8BITMIME'];
    if (this.policy.offersStartTls && !this.isEncrypted) lines.push('STARTTLS');
    if (mayLogIn) lines.push('AUTH PLAIN');
    return lines.map((text, index) => `250${index === lines.length - 1 ? ' ' : '-'}${text}`).join('\r\n');
  }

  #startTls(): string {
    if (!this.policy.offersStartTls || this.isEncrypted) return '502 Not implemented';
    // What follows is for the encrypted session; this one must not see another byte.
    this.#isOver = true;
    this.stream.off('data', this.#onData);
    setImmediate(() => this.policy.upgrade());
    return '220 Go ahead';
  }

  #login(line: string): string {
    const [, user, password] = Buffer.from(line.split(' ')[2] ?? '', 'base64')
      .toString()
      .split('\u0000');
    const { credentials } = this.policy;
    if (user !== credentials?.user || password !== credentials?.password) return '535 5.7.8 Wrong password';
    this.#user = user;
    return '235 Welcome';
  }

  #begin(line: string): string {
    if (this.policy.credentials && this.#user === undefined) return '530 5.7.0 Log in first';
    this.#forget();
    this.#from = addressIn(line);
    return '250 OK';
  }

  #readMessage(lines: string[], line: string): void {
    if (line !== '.') {
      lines.push(line.replace(/^\./, ''));
      return;
    }
    this.#message = undefined;
    this.#answer('message', '', () => {
      this.policy.accept({
        from: this.#from ?? '',
        to: this.#to,
        data: lines.join('\r\n'),
        ...(this.#user === undefined ? {} : { user: this.#user }),
        isEncrypted: this.isEncrypted,
      });
      return '250 Kept as 42';
    });
    this.#forget();
  }

  #forget(): void {
    this.#from = undefined;
    this.#to = [];
  }
}

function addressIn(line: string): string {
  return /<([^>]*)>/.exec(line)?.[1] ?? '';
}
