import { defineCheck, describeError, type EntityId, type Verdict } from '@labkeeper/core';
import { exampleOptions } from './example-options.js';
import { type QueueStatus, queueStatus } from './example-queue.js';

/** Is the queue well? */
export const exampleCheck = defineCheck({
  name: 'example',
  summary: 'Checks that the queue answers and keeps up.',
  options: exampleOptions,
  metrics: [],
  // Used when the file says nothing else.
  schedule: { every: '30s', timeout: '10s' },

  // Tells the engine whom this is about without running anything.
  target({ url }) {
    const { host, hostname } = new URL(url);
    return { entity: `service:${host}` satisfies EntityId, host: hostname, displayName: host };
  },

  // A queue that is down is a verdict, not an exception: a thrown error would mean that nobody knows.
  async check({ http, clock, options }): Promise<Verdict> {
    const startMs = clock.monotonicMs();
    try {
      const status = await queueStatus(http, options);
      return { ...judge(status, options.max_waiting), latencyMs: clock.monotonicMs() - startMs };
    } catch (error) {
      return { status: 'down', message: describeError(error) };
    }
  },
});

function judge({ waiting }: QueueStatus, maxWaiting: number): Verdict {
  return waiting > maxWaiting
    ? { status: 'degraded', message: `${waiting} jobs are waiting, allowed are ${maxWaiting}` }
    : { status: 'up', message: `${waiting} jobs are waiting` };
}
