import { DropFailure, RetryFailure } from '@labkeeper/core';
import {
  createLab,
  type Instance,
  ManualClock,
  type SmtpFault,
  type SmtpServer,
  type SmtpServerSetup,
  sampleNotification,
  startInstance,
  startMisbehavingServer,
  startSmtpServer,
  TEST_CA,
} from '@labkeeper/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { emailNotifier } from './email-notifier.js';
import { readMail } from './testing/read-mail.js';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function mailServer(setup?: SmtpServerSetup): Promise<SmtpServer> {
  const server = await startSmtpServer(setup);
  cleanups.push(() => server.close());
  return server;
}

const TO = ['a@example.org', 'b@example.org', 'c@example.org'];

async function channelTo(
  server: { readonly port: number },
  smtp: Record<string, unknown> = { security: 'none' },
  lab = createLab(),
): Promise<Instance> {
  const options = {
    smtp: { host: '127.0.0.1', port: server.port, ...smtp },
    from: 'lab@example.org',
    to: TO,
  };
  const instance = await startInstance(emailNotifier, options, lab);
  cleanups.push(() => instance.stop());
  return instance;
}

async function failureOf(sending: Promise<void>): Promise<unknown> {
  return await sending.then(
    () => undefined,
    (error: unknown) => error,
  );
}

const send = (channel: Instance, id = 'n1') =>
  emailNotifier.notify(sampleNotification({ id }), channel.run() as never);

describe('what a mail server answers', () => {
  it.each<[SmtpFault, typeof DropFailure | typeof RetryFailure]>([
    [{ at: 'greeting', does: '421 Too many connections' }, RetryFailure],
    [{ at: 'greeting', does: '554 Not from your address' }, RetryFailure],
    [{ at: 'EHLO', does: '421 Going down' }, RetryFailure],
    [{ at: 'MAIL', does: '451 4.3.0 Try later' }, RetryFailure],
    [{ at: 'MAIL', does: '503 Bad sequence' }, RetryFailure],
    [{ at: 'MAIL', does: '550 5.7.1 Sender refused' }, DropFailure],
    [{ at: 'RCPT', does: '450 4.2.0 Greylisted' }, RetryFailure],
    [{ at: 'RCPT', does: '550 5.1.1 No such user' }, DropFailure],
    [{ at: 'DATA', does: '452 4.3.1 No space' }, RetryFailure],
    [{ at: 'DATA', does: '554 5.5.1 No' }, DropFailure],
    [{ at: 'message', does: '452 4.2.2 Mailbox full' }, RetryFailure],
    [{ at: 'message', does: '552 5.3.4 Too large' }, DropFailure],
  ])('%o decides between dropping and trying again', async (fault, failure) => {
    const server = await mailServer();
    server.always(fault);
    const error = await failureOf(send(await channelTo(server)));
    expect(error).toBeInstanceOf(failure);
    expect(error).toMatchObject({ code: 'REQUEST_REFUSED' });
    expect(String(error)).toContain(fault.does);
    expect(server.mails).toEqual([]);
  });

  it.each<SmtpFault>([
    { at: 'greeting', does: 'cut' },
    { at: 'EHLO', does: 'cut' },
    { at: 'MAIL', does: 'cut' },
    { at: 'DATA', does: 'cut' },
    { at: 'message', does: 'cut' },
  ])('%o is tried again', async (fault) => {
    const server = await mailServer();
    server.always(fault);
    const error = await failureOf(send(await channelTo(server)));
    expect(error).toMatchObject({ name: 'RetryFailure', code: 'CONNECTION_FAILED' });
  });

  it.each<SmtpFault>([
    { at: 'greeting', does: 'hang' },
    { at: 'MAIL', does: 'hang' },
    { at: 'message', does: 'hang' },
  ])('%o is given up at the deadline, and the next mail goes over a new connection', async (fault) => {
    const server = await mailServer();
    server.always(fault);
    const clock = new ManualClock();
    const channel = await channelTo(server, { security: 'none' }, createLab({ clock }));
    const failure = failureOf(send(channel));
    await server.reached(fault.at);
    await clock.advance(10_000);
    expect(await failure).toMatchObject({ name: 'RetryFailure', code: 'RESPONSE_TIMEOUT' });
    server.always();
    await send(channel);
    expect([server.mails.length, server.connections()]).toEqual([1, 2]);
  });

  it('that is not SMTP is tried again', async () => {
    const server = await mailServer();
    server.always({ at: 'greeting', does: 'HTTP/1.1 400 Bad Request' });
    const error = await failureOf(send(await channelTo(server)));
    expect(error).toMatchObject({ name: 'RetryFailure', code: 'RESPONSE_MALFORMED' });
  });

  it('that nobody gives at a closed port is tried again, in words for people', async () => {
    const server = await startMisbehavingServer('refuse');
    cleanups.push(() => server.close());
    const error = await failureOf(send(await channelTo(server)));
    expect(error).toMatchObject({
      name: 'RetryFailure',
      message: `connection refused by 127.0.0.1:${server.port}`,
    });
  });
});

describe('a mail for several readers', () => {
  it('goes to those who were deferred, and to nobody twice', async () => {
    const server = await mailServer();
    server.script({ at: 'RCPT', recipient: 'b@example.org', does: '450 4.2.0 Greylisted' });
    const channel = await channelTo(server);
    const error = await failureOf(send(channel));
    expect(error).toMatchObject({ name: 'RetryFailure', code: 'REQUEST_REFUSED' });
    expect(String(error)).toContain('b@example.org');
    await send(channel);
    expect(server.mails.map(({ to }) => to)).toEqual([['a@example.org', 'c@example.org'], ['b@example.org']]);
    // The second one shows all readers too, and is known as the same mail.
    const ids = server.mails.map(({ data }) => readMail(data).headers.get('message-id'));
    expect(ids[0]).toBe(ids[1]);
  });

  it('is delivered when some are refused for good, and the log names them', async () => {
    const server = await mailServer();
    server.always({ at: 'RCPT', recipient: 'c@example.org', does: '550 5.1.1 No such user' });
    const lab = createLab();
    await send(await channelTo(server, { security: 'none' }, lab));
    expect(server.mails.map(({ to }) => to)).toEqual([['a@example.org', 'b@example.org']]);
    expect(JSON.stringify(lab.log.lines)).toContain('c@example.org');
  });

  it('is delivered when those who were deferred are refused in the end', async () => {
    const server = await mailServer();
    server.script(
      { at: 'RCPT', recipient: 'b@example.org', does: '450 4.2.0 Greylisted' },
      { at: 'RCPT', recipient: 'b@example.org', does: '550 5.1.1 No such user' },
    );
    const lab = createLab();
    const channel = await channelTo(server, { security: 'none' }, lab);
    await failureOf(send(channel));
    await send(channel);
    expect(server.mails.map(({ to }) => to)).toEqual([['a@example.org', 'c@example.org']]);
    expect(JSON.stringify(lab.log.lines)).toContain('b@example.org');
  });

  it('does not bother those who were refused for good again', async () => {
    const server = await mailServer();
    server.script(
      { at: 'RCPT', recipient: 'b@example.org', does: '450 4.2.0 Greylisted' },
      { at: 'RCPT', recipient: 'c@example.org', does: '550 5.1.1 No such user' },
    );
    const channel = await channelTo(server);
    await failureOf(send(channel));
    await send(channel);
    expect(server.mails.map(({ to }) => to)).toEqual([['a@example.org'], ['b@example.org']]);
  });
});

describe('the connection to a mail server', () => {
  it('is kept for the next mail, and cut when the channel stops', async () => {
    const server = await mailServer();
    const channel = await channelTo(server);
    await send(channel, 'n1');
    await send(channel, 'n2');
    expect([server.mails.length, server.connections()]).toEqual([2, 1]);
    await channel.stop();
    await send(await channelTo(server), 'n3');
    expect(server.connections()).toBe(2);
  });

  it('is opened anew when the server closed it in between', async () => {
    const server = await mailServer();
    const channel = await channelTo(server);
    await send(channel, 'n1');
    server.disconnect();
    await send(channel, 'n2');
    expect(server.mails).toHaveLength(2);
  });
});

describe('encryption', () => {
  const trusted = { tls: { ca: TEST_CA } };

  it('begins after the greeting with STARTTLS, before anybody logs in', async () => {
    const credentials = { user: 'lab', password: 'secret-1' };
    const server = await mailServer({ security: 'starttls', credentials });
    await send(await channelTo(server, { ...credentials, ...trusted }));
    expect(server.mails).toMatchObject([{ isEncrypted: true, user: 'lab' }]);
  });

  it('begins with the first byte with TLS', async () => {
    const server = await mailServer({ security: 'tls' });
    await send(await channelTo(server, { security: 'tls', ...trusted }));
    expect(server.mails).toMatchObject([{ isEncrypted: true }]);
  });

  it('is insisted on: where STARTTLS is not offered, nothing is sent', async () => {
    const server = await mailServer({ credentials: { user: 'lab', password: 'secret-1' } });
    const error = await failureOf(
      send(await channelTo(server, { user: 'lab', password: 'secret-1', ...trusted })),
    );
    expect(error).toMatchObject({ name: 'RetryFailure', code: 'CONNECTION_FAILED' });
    expect(String(error)).toContain('does not offer STARTTLS');
    expect(server.lines()).not.toContainEqual(expect.stringMatching(/^(AUTH|MAIL)/));
  });

  it.each(['expired', 'wrong-name', 'self-signed'] as const)(
    'with a certificate that is %s is none, and the mail is kept',
    async (certificate) => {
      for (const security of ['starttls', 'tls'] as const) {
        const server = await mailServer({ security, certificate });
        const error = await failureOf(send(await channelTo(server, { security, ...trusted })));
        expect(error).toMatchObject({ name: 'RetryFailure', code: 'CONNECTION_FAILED' });
        expect(String(error)).toContain('certificate');
        expect(server.mails).toEqual([]);
      }
    },
  );

  it('takes any certificate only when it is told to', async () => {
    const server = await mailServer({ security: 'starttls', certificate: 'self-signed' });
    await send(await channelTo(server, { tls: { trust: 'insecure' } }));
    expect(server.mails).toHaveLength(1);
  });

  it('may ask for another name than the host’s', async () => {
    const server = await mailServer({ security: 'starttls', certificate: 'wrong-name' });
    await send(await channelTo(server, { tls: { ca: TEST_CA, server_name: 'elsewhere.example' } }));
    expect(server.mails).toHaveLength(1);
  });
});

describe('logging in', () => {
  it('with a wrong password drops the mail and does not show the password', async () => {
    const server = await mailServer({ credentials: { user: 'lab', password: 'secret-1' } });
    const channel = await channelTo(server, { security: 'none', user: 'lab', password: 'secret-2' });
    const error = await failureOf(send(channel));
    expect(error).toMatchObject({ name: 'DropFailure', code: 'REQUEST_REFUSED' });
    expect(String(error)).toContain('535');
    expect(String(error)).not.toContain('secret-2');
  });

  it('that cannot be checked now is tried again', async () => {
    const server = await mailServer({ credentials: { user: 'lab', password: 'secret-1' } });
    server.script({ at: 'AUTH', does: '454 4.7.0 Temporary authentication failure' });
    const channel = await channelTo(server, { security: 'none', user: 'lab', password: 'secret-1' });
    expect(await failureOf(send(channel))).toBeInstanceOf(RetryFailure);
    await send(channel);
    expect(server.mails).toHaveLength(1);
  });
});
