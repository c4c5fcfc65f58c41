import { definePlugin } from '@labkeeper/core';
import { slackNotifier } from './slack-notifier.js';

export default definePlugin({
  name: 'slack',
  summary: 'Sends messages to Slack.',
  notifiers: [slackNotifier],
});
