import { definePlugin } from '@labkeeper/core';
import { emailNotifier } from './email-notifier.js';

export default definePlugin({
  name: 'email',
  summary: 'Sends messages by e-mail.',
  notifiers: [emailNotifier],
});
