import { definePlugin } from '@labkeeper/core';
import { httpCheck } from './http-check.js';

export default definePlugin({
  name: 'http',
  summary: 'Checks web sites and APIs over HTTP and HTTPS.',
  checks: [httpCheck],
});
