import { defineNotifier, type Fault } from '@labkeeper/core';
import { assertAccepted } from './slack-answer.js';
import { slackMessage, TEXT_LENGTH } from './slack-message.js';
import { type SlackOptions, slackOptions } from './slack-options.js';

/** Posts to an incoming webhook. */
export const slackNotifier = defineNotifier({
  name: 'slack',
  summary: 'Sends messages to a Slack channel.',
  options: slackOptions,
  // Slack's limits: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks and its rate limits page.
  limits: { textLength: TEXT_LENGTH, messagesPerSecond: 1, buttons: 'hidden' },

  validate: webhookFaults,

  async notify(message, { http, options, clock, signal, timeoutMs }) {
    const response = await http.request({
      url: options.webhook,
      json: slackMessage(message, options),
      timeoutMs,
      signal,
    });
    assertAccepted(response, clock.now());
  },
});

/** The address is a secret, so a fault says what is wrong with it without quoting it. */
function webhookFaults({ webhook }: SlackOptions): readonly Fault[] {
  const text = webhook.reveal();
  const isAddress = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  if (isAddress) return [];
  const allowed = 'https://hooks.slack.com/services/T…/B…/…';
  return [
    { code: 'CONFIG_WRONG_VALUE', path: ['webhook'], message: 'the webhook is not an address', allowed },
  ];
}
