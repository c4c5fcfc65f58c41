import { defineNotifier } from '@labkeeper/core';
import { tlsOf } from '@labkeeper/toolbox';
import { TEXT_LENGTH } from './labkeeper-body.js';
import { validateWebhookOptions } from './validate-webhook-options.js';
import { assertAccepted } from './webhook-answer.js';
import { bodyWriter } from './webhook-body.js';
import { webhookHeaders } from './webhook-headers.js';
import { webhookOptions } from './webhook-options.js';

/** Sends each message as one request to an address of the user's own. */
export const webhookNotifier = defineNotifier({
  name: 'webhook',
  summary: 'Sends messages to any address over HTTP.',
  options: webhookOptions,
  // Nothing is known of the receiver: enough for a burst, and not enough to storm it.
  limits: { textLength: TEXT_LENGTH, messagesPerSecond: 10, buttons: 'shown' },

  validate: validateWebhookOptions,

  start: ({ options }) => bodyWriter(options),

  async notify(message, { http, options, state: writeBody, clock, signal, timeoutMs }) {
    const body = await writeBody(message);
    const { url, method } = options;
    const response = await http.request({
      url,
      method,
      headers: webhookHeaders(message, body, options, clock.now()),
      body,
      // A secret must not be carried to wherever a redirect leads.
      maxRedirects: 0,
      tls: tlsOf(options),
      timeoutMs,
      signal,
    });
    assertAccepted(response, clock.now());
  },
});
