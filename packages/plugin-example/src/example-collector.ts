import { defineCollector, type EntityId, type MetricDescription, type Observations } from '@labkeeper/core';
import { exampleOptions } from './example-options.js';
import { queueStatus } from './example-queue.js';

// Where an exporter that everybody knows exists, take its names. These are for a product that has none:
// base units, `_total` on counters, the product first.
const METRICS: readonly MetricDescription[] = [
  { name: 'example_jobs', type: 'gauge', help: 'Jobs in the queue by state.', labels: ['state'] },
  {
    name: 'example_jobs_failed_total',
    type: 'counter',
    help: 'Jobs that have failed since the queue started.',
  },
];

/** How many jobs are there? */
export const exampleCollector = defineCollector({
  name: 'example',
  summary: 'Collects the number of jobs of the queue.',
  options: exampleOptions,
  metrics: METRICS,
  schedule: { every: '60s', timeout: '10s' },

  target({ url }) {
    const { host, hostname } = new URL(url);
    return { entity: `service:${host}` satisfies EntityId, host: hostname };
  },

  // Whatever it throws counts as a failed run; there is no need to catch anything here.
  async collect({ http, options }): Promise<Observations> {
    const { waiting, running, failed } = await queueStatus(http, options);
    return {
      samples: [
        { name: 'example_jobs', labels: { state: 'waiting' }, value: waiting },
        { name: 'example_jobs', labels: { state: 'running' }, value: running },
        { name: 'example_jobs_failed_total', value: failed },
      ],
    };
  },
});
