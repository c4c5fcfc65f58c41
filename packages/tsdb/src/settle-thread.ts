import { parentPort } from 'node:worker_threads';
import { settleSeries } from './compact/settle-series.js';
import type { SettleRequest } from './compact/settler.js';

// The thread of `ThreadSettler`: one answer for each request.
parentPort?.on('message', ({ series, dayMs }: SettleRequest) => {
  parentPort?.postMessage(series.map((one) => settleSeries(one, dayMs)));
});
