import { type Notification, RetryFailure } from '@labkeeper/core';
import {
  conformNotifier,
  conformPlugin,
  optionFaults,
  runNotifier,
  type SmtpServer,
  sampleNotification,
  startSmtpServer,
} from '@labkeeper/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { emailNotifier } from './email-notifier.js';
import plugin from './index.js';
import { readMail } from './testing/read-mail.js';

const open: SmtpServer[] = [];
afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

const ENDS = { from: 'Labkeeper <lab@example.org>', to: ['me@example.org'] };
const through = ({ port }: { port: number }) => ({
  ...ENDS,
  smtp: { host: '127.0.0.1', port, security: 'none' },
});

describe('conformance over SMTP', () => {
  let good: SmtpServer;
  let refusing: SmtpServer;
  let busy: SmtpServer;
  beforeAll(async () => {
    [good, refusing, busy] = await Promise.all([startSmtpServer(), startSmtpServer(), startSmtpServer()]);
    refusing.always({ at: 'RCPT', does: '550 5.1.1 No such user' });
    busy.always({ at: 'MAIL', does: '451 4.3.2 Try later' });
  });
  afterAll(() => Promise.all([good.close(), refusing.close(), busy.close()]));

  conformNotifier({
    notifier: emailNotifier,
    options: () => through(good),
    accepted: () => good.mails.length,
    refusing: () => through(refusing),
    busy: () => through(busy),
    invalid: [
      { options: {}, code: 'CONFIG_MISSING_KEY' },
      { options: ENDS, code: 'CONFIG_MISSING_KEY' },
      { options: { ...ENDS, smtp: { host: 'mail.lan', user: 'lab' } }, code: 'CONFIG_MISSING_KEY' },
      {
        options: { ...ENDS, smtp: { host: 'mail.lan' }, resend: { api_key: 're_1' } },
        code: 'CONFIG_WRONG_VALUE',
      },
      {
        options: { ...ENDS, from: 'a@b\r\nBcc: all@example.org', smtp: { host: 'mail.lan' } },
        code: 'CONFIG_WRONG_VALUE',
      },
    ],
  });
});

conformPlugin(plugin);

/** What arrives of a message, read as a mail program does. */
async function mailed(changes?: Partial<Notification>, options: Record<string, unknown> = {}) {
  const server = await startSmtpServer();
  open.push(server);
  await runNotifier(emailNotifier, { ...through(server), ...options }, sampleNotification(changes));
  const [mail] = server.mails;
  if (!mail || server.mails.length > 1) throw new Error('exactly one mail should have arrived');
  return { ...mail, ...readMail(mail.data) };
}

describe('a mail', () => {
  it('says by its subject how bad it is', async () => {
    expect((await mailed()).headers.get('subject')).toBe('🚨 Critical: nextcloud is down');
    const resolved = await mailed({ kind: 'alert.resolved', title: 'nextcloud is up again' });
    expect(resolved.headers.get('subject')).toBe('✅ Resolved: nextcloud is up again');
  });

  it('has a text for programs without HTML', async () => {
    const { text } = await mailed({ url: 'https://monitor.example/alerts/a3f1?x=1&y=2' });
    expect(text).toBe(
      [
        '🚨 Critical: nextcloud is down',
        '',
        'Connection refused by cloud.example.com:443 (2 of 2 tries).',
        '',
        'Check: nextcloud',
        'Since: 2026-01-18 14:32:00 UTC',
        '',
        'https://monitor.example/alerts/a3f1?x=1&y=2',
        '',
        '-- ',
        'Labkeeper · 2026-01-18 14:32:00 UTC',
        '',
      ].join('\n'),
    );
  });

  it('has HTML with the colour of the severity, for light and dark, and loads nothing from elsewhere', async () => {
    const { html } = await mailed();
    expect(html).toContain('border-top:6px solid #d32f2f');
    expect(html).toContain('prefers-color-scheme: dark');
    expect(html).toContain('Connection refused by cloud.example.com:443 (2 of 2 tries).');
    expect(html).not.toMatch(/<img|src=|@import|url\(/);
  });

  it('names its ends, and where an answer goes', async () => {
    const { headers, from, to } = await mailed(
      {},
      { to: ['me@example.org', 'Somebody Else <you@example.org>'], reply_to: 'desk@example.org' },
    );
    expect(from).toBe('lab@example.org');
    expect(to).toEqual(['me@example.org', 'you@example.org']);
    expect(headers.get('from')).toBe('Labkeeper <lab@example.org>');
    expect(headers.get('to')).toBe('me@example.org, Somebody Else <you@example.org>');
    expect(headers.get('reply-to')).toBe('desk@example.org');
  });

  it('tells programs that nobody wrote it', async () => {
    const { headers } = await mailed();
    expect(headers.get('auto-submitted')).toBe('auto-generated');
    expect(headers.get('x-labkeeper-severity')).toBe('critical');
    expect(headers.get('importance')).toBe('High');
    expect((await mailed({ severity: 'low' })).headers.has('importance')).toBe(false);
  });
});

describe('the identity of a mail', () => {
  it('is the same for a duplicate, and another for another message', async () => {
    const first = (await mailed()).headers.get('message-id');
    expect(first).toMatch(/^<notification\.[0-9a-f]{32}@example\.org>$/);
    expect((await mailed()).headers.get('message-id')).toBe(first);
    expect((await mailed({ id: 'other' })).headers.get('message-id')).not.toBe(first);
  });

  it('brings what is told of one alert into one thread', async () => {
    const firing = (await mailed()).headers;
    const resolved = (await mailed({ id: 'b', kind: 'alert.resolved' })).headers;
    const other = (await mailed({ id: 'c', alertId: 'another' })).headers;
    expect(resolved.get('references')).toBe(firing.get('references'));
    expect(resolved.get('in-reply-to')).toBe(firing.get('references'));
    expect(other.get('references')).not.toBe(firing.get('references'));
  });

  it('belongs to no thread when it is about no alert', async () => {
    const report = sampleNotification({ kind: 'report' });
    const { alertId: _, ...alone } = report;
    const server = await startSmtpServer();
    open.push(server);
    await runNotifier(emailNotifier, through(server), alone);
    expect(readMail(server.mails[0]?.data ?? '').headers.has('references')).toBe(false);
  });
});

describe('foreign text in a mail', () => {
  it('cannot add a header', async () => {
    const { headers, to } = await mailed({
      id: 'x\r\nBcc: all@example.org',
      alertId: 'y\r\nBcc: all@example.org',
      title: 'down\r\nBcc: all@example.org\r\n\r\nand a body',
    });
    expect(headers.get('subject')).toBe('🚨 Critical: down Bcc: all@example.org and a body');
    expect(headers.has('bcc')).toBe(false);
    expect(to).toEqual(['me@example.org']);
  });

  it('cannot become markup', async () => {
    const { html, text } = await mailed({
      title: '<b>a</b>',
      text: 'x < y & "z"\n<script>alert(1)</script>',
      fields: [{ label: '<i>', value: "<img src='x'>" }],
      url: 'https://monitor.example/"><script>',
    });
    expect(html).not.toMatch(/<(b|i|img|script)>|<img/);
    expect(html).toContain('x &lt; y &amp; &quot;z&quot;<br>');
    expect(text).toContain('x < y & "z"\n<script>');
  });

  it('makes no link of what is no page', async () => {
    const { html, text } = await mailed({ url: 'javascript:alert(1)' });
    expect(html + text).not.toContain('javascript');
  });

  it('that ends in the middle of a character arrives all the same', async () => {
    const { headers, text } = await mailed({ title: 'half \ud83d', text: 'half \ud83d and more' });
    expect(headers.get('subject')).toContain('half');
    expect(text).toContain('and more');
  });

  it('that begins with a dot arrives whole', async () => {
    expect((await mailed({ text: '.\n..\n.end' })).text).toContain('.\n..\n.end');
  });
});

describe('the options of the e-mail notifier', () => {
  it.each(['me@example.org', 'Some Body <me@example.org>', 'Zoë (home) <zoe@münchen.example>'])(
    'take %s for a mailbox',
    (to) => {
      expect(optionFaults(emailNotifier, { ...through({ port: 25 }), to: [to] })).toEqual([]);
    },
  );

  it.each(['me', 'a@b, c@d', '<me@example.org>', 'a <b@c> <d@e>', 'a\nb <c@d>', 'a <b@c>\n', 'a@b@c'])(
    'refuse %j',
    (to) => {
      expect(optionFaults(emailNotifier, { ...through({ port: 25 }), to: [to] })).toHaveLength(1);
    },
  );

  it('send nothing by a port that is closed, and keep the mail', async () => {
    const server = await startSmtpServer();
    await server.close();
    await expect(runNotifier(emailNotifier, through(server))).rejects.toBeInstanceOf(RetryFailure);
  });
});
