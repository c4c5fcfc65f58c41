import { definePlugin } from '@labkeeper/core';
import { exampleCheck } from './example-check.js';
import { exampleCollector } from './example-collector.js';

// The one default export of a plugin. It is a plain value: importing this file registers nothing and starts nothing,
// so Labkeeper decides what runs, how often, and with which options.
export default definePlugin({
  // The package name without `@labkeeper/plugin-` (or `labkeeper-plugin-`), which is also the YAML key.
  name: 'example',
  summary: 'Watches a queue that answers in JSON over HTTP: a plugin to copy.',
  collectors: [exampleCollector],
  checks: [exampleCheck],
});
