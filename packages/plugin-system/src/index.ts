import { definePlugin } from '@labkeeper/core';
import { defaultRules } from './default-rules.js';
import { systemCollector } from './system-collector.js';

export default definePlugin({
  name: 'system',
  summary:
    'CPU, memory, disks, network and load of the machine it runs on, under the names of node_exporter.',
  collectors: [systemCollector],
  rulePacks: [defaultRules],
});
