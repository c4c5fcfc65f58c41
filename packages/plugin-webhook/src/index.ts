import { definePlugin } from '@labkeeper/core';
import { webhookNotifier } from './webhook-notifier.js';

export default definePlugin({
  name: 'webhook',
  summary: 'Sends messages to any address over HTTP.',
  notifiers: [webhookNotifier],
});
