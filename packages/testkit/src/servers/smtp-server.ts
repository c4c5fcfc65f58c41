import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { SERVER_CERTIFICATES, SERVER_KEY } from './certificates.js';
import { type LocalServer, listenLocally } from './local-server.js';
import { type ReceivedMail, type SmtpPolicy, SmtpSession, type SmtpStage } from './smtp-session.js';

/** One thing that goes wrong, at one place of the conversation. */
export interface SmtpFault {
  readonly at: SmtpStage;
  /** Says nothing any more, goes away, or answers with this line, such as `451 Try later`. */
  readonly does: 'hang' | 'cut' | (string & {});
  /** At `RCPT`: only for this recipient. */
  readonly recipient?: string;
}

export interface SmtpServerSetup {
  /** `none`: STARTTLS is not offered. `tls`: encrypted from the first byte. Default `none`. */
  readonly security?: 'none' | 'starttls' | 'tls';
  /** Default: the trusted one, for whoever is given TEST_CA. */
  readonly certificate?: keyof typeof SERVER_CERTIFICATES;
  /** Nobody may send without logging in as this user. */
  readonly credentials?: { readonly user: string; readonly password: string };
}

/** A mail server that keeps what it is sent. */
export interface SmtpServer extends LocalServer {
  /** Accepted mails, in order. */
  readonly mails: readonly ReceivedMail[];
  /** How many connections were made so far. */
  connections(): number;
  /** The commands that clients gave, in order. */
  lines(): readonly string[];
  /** Resolves when the conversation has come to this place, now or earlier. */
  reached(stage: SmtpStage): Promise<void>;
  /** Closes every connection, as a server does with idle ones. */
  disconnect(): void;
  /** Faults that happen once each, as soon as the conversation comes to their place. */
  script(...faults: readonly SmtpFault[]): void;
  /** Faults that happen every time from now on; none: the server is well again. */
  always(...faults: readonly SmtpFault[]): void;
}

/** Starts a mail server on 127.0.0.1 that behaves well until it is told otherwise. */
export async function startSmtpServer(setup: SmtpServerSetup = {}): Promise<SmtpServer> {
  const { security = 'none', certificate = 'trusted', credentials } = setup;
  const mails: ReceivedMail[] = [];
  const faults = faultPlayer();
  const diary = stageDiary();
  const sockets: Socket[] = [];
  const tls = { key: SERVER_KEY, cert: SERVER_CERTIFICATES[certificate] };
  const policy = (upgrade: () => void): SmtpPolicy => ({
    offersStartTls: security === 'starttls',
    credentials,
    faultAt(stage, line) {
      diary.note(stage, line);
      return faults.faultAt(stage, line);
    },
    accept: (mail) => void mails.push(mail),
    upgrade,
  });
  const encrypted = (socket: TLSSocket) => new SmtpSession(socket, policy(noUpgrade), true);
  const upgrade = (socket: Socket) => encrypted(new TLSSocket(socket, { ...tls, isServer: true }));
  const plain = (socket: Socket) =>
    new SmtpSession(
      socket,
      policy(() => upgrade(socket)),
      false,
    );
  const server =
    security === 'tls'
      ? createTlsServer({ ...tls, noDelay: true }, (socket) => encrypted(socket).greet())
      : // Answers are short; held back for the next one they would cost 40 ms each.
        createServer({ noDelay: true }, (socket) => plain(socket).greet());
  server.on('connection', (socket: Socket) => sockets.push(socket)).on('tlsClientError', () => undefined);
  return {
    ...(await listenLocally(server)),
    mails,
    connections: () => sockets.length,
    lines: diary.lines,
    reached: diary.reached,
    disconnect: () => {
      for (const socket of sockets) socket.destroy();
    },
    script: faults.script,
    always: faults.always,
  };
}

function noUpgrade(): void {
  throw new Error('an encrypted session is never encrypted once more');
}

function faultPlayer() {
  const once: SmtpFault[] = [];
  let constant: readonly SmtpFault[] = [];
  const fits = (fault: SmtpFault, stage: SmtpStage, line: string) =>
    fault.at === stage && (fault.recipient === undefined || line.includes(`<${fault.recipient}>`));
  return {
    faultAt(stage: SmtpStage, line: string): string | undefined {
      const index = once.findIndex((fault) => fits(fault, stage, line));
      if (index >= 0) return once.splice(index, 1)[0]?.does;
      return constant.find((fault) => fits(fault, stage, line))?.does;
    },
    script: (...faults: readonly SmtpFault[]) => void once.push(...faults),
    always: (...faults: readonly SmtpFault[]) => {
      constant = faults;
    },
  };
}

/** Who said what so far, for those who wait for a place of the conversation. */
function stageDiary() {
  const visits: { readonly stage: SmtpStage; readonly line: string }[] = [];
  const waiting: { readonly stage: SmtpStage; readonly done: () => void }[] = [];
  return {
    note(stage: SmtpStage, line: string): void {
      visits.push({ stage, line });
      for (const waiter of waiting) if (waiter.stage === stage) waiter.done();
    },
    lines: () => visits.map(({ line }) => line).filter((line) => line !== ''),
    reached: (stage: SmtpStage) =>
      new Promise<void>((done) => {
        if (visits.some((visit) => visit.stage === stage)) done();
        else waiting.push({ stage, done });
      }),
  };
}
