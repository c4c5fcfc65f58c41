import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type SlackWebhook, startSlackWebhook } from './slack-webhook.js';

// The stand-in must refuse what Slack refuses, or the tests that lean on it say nothing.

let slack: SlackWebhook;
beforeAll(async () => {
  slack = await startSlackWebhook();
});
afterEach(() => slack.always(undefined));
afterAll(() => slack.close());

async function post(body: unknown, url = slack.webhook) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return {
    status: response.status,
    word: await response.text(),
    retryAfter: response.headers.get('retry-after'),
  };
}

const header = (text: string) => ({ type: 'header', text: { type: 'plain_text', text } });
const section = (count: number, length = 5) => ({
  type: 'section',
  fields: Array.from({ length: count }, () => ({ type: 'mrkdwn', text: 'x'.repeat(length) })),
});

describe('the stand-in for Slack', () => {
  it('accepts a message and keeps it', async () => {
    expect(await post({ text: 'hello' })).toMatchObject({ status: 200, word: 'ok' });
    expect(slack.messages.at(-1)).toEqual({ text: 'hello' });
  });

  it.each<[string, unknown, string]>([
    ['what is not JSON', 'payload=x', 'invalid_payload'],
    ['an empty message', {}, 'no_text'],
    ['an empty list of blocks', { blocks: [] }, 'no_text'],
    ['a misspelt key', { text: 'x', atachments: [] }, 'invalid_payload'],
    ['a header beyond 150 characters', { blocks: [header('x'.repeat(151))] }, 'invalid_blocks'],
    [
      'a header in markup',
      { blocks: [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }] },
      'invalid_blocks',
    ],
    ['more than 10 fields', { blocks: [section(11)] }, 'invalid_blocks'],
    ['a field beyond 2000 characters', { blocks: [section(1, 2_001)] }, 'invalid_blocks'],
    ['a section with nothing in it', { blocks: [{ type: 'section' }] }, 'invalid_blocks'],
    [
      'more than 50 blocks',
      { blocks: Array.from({ length: 51 }, () => ({ type: 'divider' })) },
      'invalid_blocks',
    ],
    [
      'more than 100 attachments',
      { attachments: Array.from({ length: 101 }, () => ({ text: 'x' })) },
      'too_many_attachments',
    ],
    ['a colour that is none', { attachments: [{ color: 'red', text: 'x' }] }, 'invalid_payload'],
    ['a time in milliseconds', { attachments: [{ text: 'x', ts: 1_768_746_720_000 }] }, 'invalid_payload'],
    ['text that was not escaped', { text: 'a < b' }, 'invalid_payload'],
  ])('refuses %s', async (_, body, word) => {
    const before = slack.complaints.length;
    expect(await post(body)).toMatchObject({ status: 400, word });
    expect(slack.complaints.slice(before)).toEqual([
      { word, problems: expect.arrayContaining([expect.any(String)]) },
    ]);
  });

  it('knows Slack’s own constructs', async () => {
    const text =
      '<!here> <@U012AB> <!subteam^S012AB> <!date^1768746720^{time}|then> <https://x.example/?a=1&amp;b=2|link> &lt;';
    expect(await post({ text })).toMatchObject({ status: 200 });
  });

  it('answers another path as a revoked webhook', async () => {
    expect(await post({ text: 'x' }, `${slack.url}/services/other`)).toMatchObject({
      status: 404,
      word: 'no_service',
    });
  });

  it('plays the faults of its script, one message each', async () => {
    slack.script('rate_limited', 'rollup_error');
    expect(await post({ text: 'x' })).toEqual({ status: 429, word: 'rate_limited', retryAfter: '30' });
    expect(await post({ text: 'x' })).toMatchObject({ status: 500 });
    expect(await post({ text: 'x' })).toMatchObject({ status: 200 });
  });

  it('can be down for a while', async () => {
    slack.always('cut');
    await expect(post({ text: 'x' })).rejects.toThrow('fetch failed');
    slack.always(undefined);
    expect(await post({ text: 'x' })).toMatchObject({ status: 200 });
  });
});

const SHARED = join(
  process.env.LABKEEPER_SHARED ?? join(import.meta.dirname, '../../../../../shared'),
  'contracts/slack/fixtures',
);

describe.skipIf(!existsSync(SHARED))('documented messages', () => {
  it.each(['webhook-attachments-seed.json', 'webhook-blocks.json'])('like %s are accepted', async (file) => {
    expect(await post(readFileSync(join(SHARED, file), 'utf8'))).toMatchObject({ status: 200 });
  });

  it('are answered with the documented words', async () => {
    const documented = JSON.parse(readFileSync(join(SHARED, 'webhook-errors.json'), 'utf8')) as {
      status: number;
      body: string;
    }[];
    for (const { status, body } of documented) {
      slack.script(body as Parameters<SlackWebhook['script']>[0]);
      expect(await post({ text: 'x' })).toMatchObject({ status, word: body });
    }
  });
});
