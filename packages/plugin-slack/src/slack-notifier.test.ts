import { DropFailure, type Notification, RetryFailure } from '@labkeeper/core';
import {
  conformNotifier,
  conformPlugin,
  createLab,
  type LocalServer,
  ManualClock,
  MISBEHAVIOURS,
  type Misbehaviour,
  optionFaults,
  runNotifier,
  type SlackFault,
  type SlackWebhook,
  sampleNotification,
  startHttpServer,
  startInstance,
  startMisbehavingServer,
  startSlackWebhook,
} from '@labkeeper/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import plugin from './index.js';
import { slackNotifier } from './slack-notifier.js';
import { slackText } from './slack-text.js';

const open: LocalServer[] = [];
afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

async function slack(): Promise<SlackWebhook> {
  const server = await startSlackWebhook();
  open.push(server);
  return server;
}

describe.each(['attachments', 'blocks'] as const)('conformance with %s', (format) => {
  let good: SlackWebhook;
  let refusing: SlackWebhook;
  let busy: SlackWebhook;
  beforeAll(async () => {
    [good, refusing, busy] = await Promise.all([
      startSlackWebhook(),
      startSlackWebhook(),
      startSlackWebhook(),
    ]);
    refusing.always('no_service');
    busy.always('rate_limited');
  });
  afterAll(async () => {
    expect(good.complaints).toEqual([]);
    await Promise.all([good.close(), refusing.close(), busy.close()]);
  });

  conformNotifier({
    notifier: slackNotifier,
    options: () => ({
      webhook: good.webhook,
      format,
      mention: { critical: ['here', 'U012ABCDEF', 'S012ABCDEF'] },
    }),
    accepted: () => good.messages.length,
    refusing: () => ({ webhook: refusing.webhook }),
    busy: () => ({ webhook: busy.webhook }),
    invalid: [
      { options: {}, code: 'CONFIG_MISSING_KEY' },
      { options: { webhook: 'T000/B000/XXXX' }, code: 'CONFIG_WRONG_VALUE' },
      { options: { webhook: 'https://hooks.slack.com/x', format: 'card' }, code: 'CONFIG_WRONG_VALUE' },
      {
        options: { webhook: 'https://hooks.slack.com/x', mention: { critical: ['@here'] } },
        code: 'CONFIG_WRONG_VALUE',
      },
    ],
  });
});

conformPlugin(plugin);

/** What arrives at Slack of a message. */
async function posted(options: Record<string, unknown>, changes?: Partial<Notification>) {
  const server = await slack();
  await runNotifier(slackNotifier, { webhook: server.webhook, ...options }, sampleNotification(changes));
  expect(server.messages).toHaveLength(1);
  return server.messages[0];
}

describe('a Slack message with an attachment', () => {
  it('has a colour, a title, the text, the fields and the time', async () => {
    expect(await posted({}, { url: 'https://monitor.example/alerts/a3f1?x=1&y=2' })).toEqual({
      attachments: [
        {
          color: '#d32f2f',
          fallback:
            '🚨 Critical: nextcloud is down — Connection refused by cloud.example.com:443 (2 of 2 tries).',
          title: '🚨 Critical: nextcloud is down',
          title_link: 'https://monitor.example/alerts/a3f1?x=1&y=2',
          text: 'Connection refused by cloud.example.com:443 (2 of 2 tries).',
          fields: [
            { title: 'Check', value: 'nextcloud', short: true },
            { title: 'Since', value: '2026-01-18 14:32:00 UTC', short: true },
          ],
          mrkdwn_in: [],
          footer: 'Labkeeper',
          ts: 1_768_746_720,
        },
      ],
    });
  });

  it('is green when it is over', async () => {
    const message = await posted({}, { kind: 'alert.resolved', title: 'nextcloud is up again' });
    expect(message?.attachments?.[0]).toMatchObject({
      color: '#2e7d32',
      title: '✅ Resolved: nextcloud is up again',
    });
  });

  it('carries name, picture and channel for a legacy webhook', async () => {
    const legacy = { channel: '#homelab-notifications', username: 'Labkeeper', icon_emoji: ':satellite:' };
    expect(await posted(legacy)).toMatchObject(legacy);
  });
});

describe('a Slack message of blocks', () => {
  it('has a header, the text, the fields, the time in the reader’s zone and a text for phones', async () => {
    expect(await posted({ format: 'blocks' }, { url: 'https://monitor.example/a|b?x=1&y=2' })).toEqual({
      text: '🚨 Critical: nextcloud is down — Connection refused by cloud.example.com:443 (2 of 2 tries).',
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: '🚨 Critical: nextcloud is down', emoji: true } },
        {
          type: 'section',
          text: {
            type: 'plain_text',
            text: 'Connection refused by cloud.example.com:443 (2 of 2 tries).',
            emoji: true,
          },
        },
        {
          type: 'section',
          fields: [
            { type: 'mrkdwn', text: '*Check*\nnextcloud' },
            { type: 'mrkdwn', text: '*Since*\n2026-01-18 14:32:00 UTC' },
          ],
        },
        {
          type: 'context',
          elements: [
            {
              type: 'mrkdwn',
              text: 'Labkeeper · <!date^1768746720^{date_short_pretty} {time}|2026-01-18 14:32 UTC> · <https://monitor.example/a%7Cb?x=1&amp;y=2|Open>',
            },
          ],
        },
      ],
    });
  });
});

describe('calls in a Slack message', () => {
  const mention = { critical: ['here', 'U012ABCDEF', 'S012ABCDEF'] };
  const calls = '<!here> <@U012ABCDEF> <!subteam^S012ABCDEF>';

  it('stand outside of the attachment, and in a section of their own', async () => {
    expect((await posted({ mention }))?.text).toBe(calls);
    const message = await posted({ mention, format: 'blocks' });
    expect(message?.text).toContain(calls);
    expect(message?.blocks).toContainEqual({ type: 'section', text: { type: 'mrkdwn', text: calls } });
  });

  it('are made for the severity of the file only, and not when it is over', async () => {
    expect(await posted({ mention }, { severity: 'high' })).not.toHaveProperty('text');
    expect(await posted({ mention }, { kind: 'alert.resolved' })).not.toHaveProperty('text');
  });
});

describe('foreign text in a Slack message', () => {
  it('cannot call anybody', async () => {
    const message = await posted(
      { format: 'blocks' },
      { title: '<!channel>', text: 'a < b && c', fields: [{ label: '<@U1>', value: '<!here>' }] },
    );
    const texts = JSON.stringify(message);
    expect(texts).not.toMatch(/<!(?!date)|<@/);
    expect(texts).toContain('a &lt; b &amp;&amp; c');
  });

  it('stays within a limit also when every character must be escaped', () => {
    for (const text of ['<'.repeat(1_000), `${'&'.repeat(50)}plain ${'x'.repeat(200)}`, 'short & sweet']) {
      const escaped = slackText(text, 100);
      expect(escaped.length).toBeLessThanOrEqual(100);
      expect(escaped.replace(/&(amp|lt|gt);/g, '')).not.toMatch(/[<>&]/);
    }
    expect(slackText('<'.repeat(1_000), 100)).toBe(`${'&lt;'.repeat(24)}…`);
  });
});

/** What the notifier throws when Slack, or whoever answers in its place, behaves so. */
async function failureOn(webhook: string, clock?: ManualClock): Promise<unknown> {
  const instance = await startInstance(slackNotifier, { webhook }, createLab(clock ? { clock } : {}));
  try {
    await slackNotifier.notify(sampleNotification(), instance.run());
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await instance.stop();
  }
}

describe('what Slack answers', () => {
  it.each<[SlackFault, typeof DropFailure | typeof RetryFailure, string]>([
    ['invalid_payload', DropFailure, 'Slack refused the message: 400 invalid_payload.'],
    [
      'invalid_token',
      DropFailure,
      'Slack refused the message: 403 invalid_token, the webhook’s address is not complete.',
    ],
    [
      'no_service',
      DropFailure,
      'Slack refused the message: 404 no_service, the webhook was revoked or never existed.',
    ],
    [
      'channel_is_archived',
      DropFailure,
      'Slack refused the message: 410 channel_is_archived, the channel is archived.',
    ],
    ['rollup_error', RetryFailure, 'Slack refused the message: 500 rollup_error.'],
    ['rate_limited', RetryFailure, 'Slack asks to slow down.'],
  ])('%s decides between dropping and trying again', async (fault, failure, message) => {
    const server = await slack();
    server.script(fault);
    const error = await failureOn(server.webhook);
    expect(error).toBeInstanceOf(failure);
    expect(error).toMatchObject({ message });
  });

  it('says how long to wait', async () => {
    const server = await slack();
    server.script('rate_limited');
    expect(await failureOn(server.webhook)).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 30_000 });
    expect(await failureOn(server.webhook)).toBeUndefined();
  });

  it.each(['<html>Please log in</html>', ''])('is no acceptance when it is 200 and %j', async (body) => {
    const server = await startHttpServer((_, response) => response.end(body));
    open.push(server);
    const error = await failureOn(`${server.url}/services/T/B/X`);
    expect(error).toBeInstanceOf(RetryFailure);
    expect(error).toMatchObject({ code: 'RESPONSE_MALFORMED' });
  });

  it.each(['OK', '{"success":true}'])(
    'is an acceptance of a product in Slack’s place when it is %j',
    async (body) => {
      const server = await startHttpServer((_, response) => response.end(body));
      open.push(server);
      expect(await failureOn(`${server.url}/hooks/x`)).toBeUndefined();
    },
  );
});

describe('the Slack notifier against servers that misbehave', () => {
  const ENDLESS: readonly Misbehaviour[] = ['silent', 'hang', 'trickle', 'slow-headers', 'tls-hang'];
  const ANSWERED: readonly Misbehaviour[] = ['huge-body'];

  it.each(MISBEHAVIOURS.filter((fault) => !ENDLESS.includes(fault) && !ANSWERED.includes(fault)))(
    'asks for a retry, without showing the webhook, when a server plays %s',
    async (fault) => {
      const server = await startMisbehavingServer(fault);
      open.push(server);
      const error = await failureOn(`${server.url}/services/T000/B000/XXXX`);
      expect(error).toBeInstanceOf(RetryFailure);
      expect(String(error)).not.toContain('T000');
    },
  );

  it.each(ENDLESS)('asks for a retry when the time is up with a server that plays %s', async (fault) => {
    const clock = new ManualClock();
    const server = await startMisbehavingServer(fault, clock);
    open.push(server);
    const error = failureOn(`${server.url}/services/T000/B000/XXXX`, clock);
    await server.asked;
    await clock.advance(10_000);
    expect(await error).toMatchObject({ name: 'RetryFailure', code: 'RESPONSE_TIMEOUT' });
  });

  it('drops a message to something that answers without an end, for it is not Slack', async () => {
    const server = await startMisbehavingServer('huge-body');
    open.push(server);
    expect(await failureOn(`${server.url}/services/T000/B000/XXXX`)).toMatchObject({
      name: 'DropFailure',
      code: 'RESPONSE_TOO_LARGE',
    });
  });
});

describe('the options of the Slack notifier', () => {
  it('never quote a wrong webhook', () => {
    const faults = optionFaults(slackNotifier, { webhook: 'hooks.slack.com/services/T000/B000/XXXX' });
    expect(faults).toHaveLength(1);
    expect(JSON.stringify(faults)).not.toContain('T000');
  });
});
