import { DropFailure, describeError, RetryFailure } from '@labkeeper/core';
import { describeNetworkFault, joinHostPort, type Peer, quoteText, WaitEnded } from '@labkeeper/toolbox';
import type { NodemailerError } from 'nodemailer';

/** Answers before the mail is spoken of. They refuse the session, and another time or another address may be let in. */
const SESSION_COMMANDS: ReadonlySet<string> = new Set(['CONN', 'EHLO', 'HELO', 'STARTTLS']);
/** "Bad sequence of commands" tells of the session as well, though it begins with 5. */
const BAD_SEQUENCE = 503;
/** nodemailer's words for a mail that cannot be sent as it is, without the server having been asked. */
const UNSENDABLE: ReadonlySet<string> = new Set(['EENVELOPE', 'EMESSAGE', 'EAUTH']);

/**
 * What an error of a delivery means for the mail: 4yz and whatever lies between is tried again, 5yz is for good
 * (RFC 5321, section 4.2.1).
 */
export function smtpFailure(thrown: unknown, peer: Peer, timeoutMs: number): RetryFailure | DropFailure {
  const where = joinHostPort(peer.host, peer.port);
  if (thrown instanceof WaitEnded) {
    const what =
      thrown.reason === 'timeout'
        ? `took longer than ${timeoutMs / 1_000} s`
        : 'was stopped before the mail was accepted';
    return new RetryFailure('RESPONSE_TIMEOUT', `the delivery to ${where} ${what}`);
  }
  const error = thrown as NodemailerError;
  if (error.code === 'ETLS') return tlsFailure(error, where, peer);
  if (error.responseCode !== undefined) return refusal(error, error.responseCode, where);
  if (error.code === 'EPROTOCOL')
    return new RetryFailure('RESPONSE_MALFORMED', `${where} does not answer in SMTP: ${described(error)}`);
  if (UNSENDABLE.has(error.code ?? ''))
    return new DropFailure('REQUEST_REFUSED', `the mail cannot be sent: ${described(error)}`);
  return new RetryFailure('CONNECTION_FAILED', networkFault(error, peer));
}

function refusal(error: NodemailerError, status: number, where: string): RetryFailure | DropFailure {
  const message = `${where} refused the mail: ${quoteText(error.response ?? String(status))}`;
  const isPassing = status < 500 || status === BAD_SEQUENCE || SESSION_COMMANDS.has(error.command ?? '');
  return isPassing
    ? new RetryFailure('REQUEST_REFUSED', message)
    : new DropFailure('REQUEST_REFUSED', message);
}

/** Never a reason to send in the clear, and never one to lose the mail: a certificate gets renewed. */
function tlsFailure(error: NodemailerError, where: string, peer: Peer): RetryFailure {
  if (error.response === undefined) return new RetryFailure('CONNECTION_FAILED', networkFault(error, peer));
  const said = quoteText(error.response);
  return new RetryFailure('CONNECTION_FAILED', `${where} does not offer STARTTLS: ${said}`);
}

/** nodemailer puts a word of its own over the system's; the sentences for people go by the system's. */
function networkFault(error: NodemailerError, peer: Peer): string {
  const code = error.originalCode ?? error.code;
  return describeNetworkFault(Object.assign(new Error(error.message), { code }), peer);
}

function described(error: unknown): string {
  return quoteText(describeError(error));
}
