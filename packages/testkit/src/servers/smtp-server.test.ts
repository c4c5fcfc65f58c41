import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type SmtpServer, type SmtpServerSetup, startSmtpServer } from './smtp-server.js';

const open: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(open.splice(0).map((close) => close())));

async function server(setup?: SmtpServerSetup): Promise<SmtpServer> {
  const started = await startSmtpServer(setup);
  open.push(() => started.close());
  return started;
}

/** Says the lines one after the other, and gives the last line of each answer, the greeting first. */
async function converse({ port }: SmtpServer, ...lines: readonly string[]): Promise<string[]> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  const answers = [await answerOf(socket)];
  for (const line of lines) {
    socket.write(`${line}\r\n`);
    answers.push(await answerOf(socket));
  }
  socket.destroy();
  return answers;
}

async function answerOf(socket: Socket): Promise<string> {
  let text = '';
  while (!/^\d{3} .*\r\n$/m.test(text)) text += String((await once(socket, 'data'))[0]);
  return text.trimEnd().split('\r\n').at(-1) ?? '';
}

const ENVELOPE = ['EHLO client', 'MAIL FROM:<a@example.org>', 'RCPT TO:<b@example.org>'];

describe('the mail server', () => {
  it('keeps a mail with its envelope, without the dots that were put before dots', async () => {
    const mail = await server();
    const answers = await converse(mail, ...ENVELOPE, 'DATA', 'Subject: x\r\n\r\n..dot\r\n.', 'QUIT');
    expect(answers.map((answer) => answer.slice(0, 3))).toEqual([
      ...['220', '250', '250', '250', '354', '250', '221'],
    ]);
    expect(mail.mails).toEqual([
      {
        from: 'a@example.org',
        to: ['b@example.org'],
        data: 'Subject: x\r\n\r\n.dot',
        isEncrypted: false,
      },
    ]);
  });

  it('takes no mail for nobody, and none after a reset', async () => {
    const mail = await server();
    expect((await converse(mail, 'EHLO client', 'MAIL FROM:<a@b>', 'DATA')).at(-1)).toMatch(/^554/);
    expect((await converse(mail, ...ENVELOPE, 'RSET', 'DATA')).at(-1)).toMatch(/^554/);
  });

  it('takes none from strangers when it knows somebody', async () => {
    const mail = await server({ credentials: { user: 'lab', password: 'secret-1' } });
    const login = (password: string) =>
      `AUTH PLAIN ${Buffer.from(`\u0000lab\u0000${password}`).toString('base64')}`;
    expect((await converse(mail, 'EHLO client', 'MAIL FROM:<a@b>')).at(-1)).toMatch(/^530/);
    expect((await converse(mail, 'EHLO client', login('wrong'))).at(-1)).toMatch(/^535/);
    expect((await converse(mail, 'EHLO client', login('secret-1'), 'MAIL FROM:<a@b>')).at(-1)).toMatch(
      /^250/,
    );
  });

  it('offers no encryption unless it is told to', async () => {
    expect((await converse(await server(), 'EHLO client', 'STARTTLS')).at(-1)).toMatch(/^502/);
    expect(
      (await converse(await server({ security: 'starttls' }), 'EHLO client', 'STARTTLS')).at(-1),
    ).toMatch(/^220/);
  });

  it('plays a fault once or always, for everybody or one recipient', async () => {
    const mail = await server();
    mail.script({ at: 'MAIL', does: '451 Later' });
    mail.always({ at: 'RCPT', recipient: 'c@example.org', does: '550 Nobody' });
    expect((await converse(mail, 'EHLO client', 'MAIL FROM:<a@b>', 'MAIL FROM:<a@b>')).slice(2)).toEqual([
      '451 Later',
      '250 OK',
    ]);
    const answers = await converse(mail, ...ENVELOPE, 'RCPT TO:<c@example.org>', 'RCPT TO:<c@example.org>');
    expect(answers.slice(3)).toEqual(['250 Accepted', '550 Nobody', '550 Nobody']);
    await mail.reached('RCPT');
    expect(mail.lines()).toContain('RCPT TO:<c@example.org>');
  });
});
