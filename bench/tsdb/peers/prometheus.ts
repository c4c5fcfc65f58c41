import { writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { untilIdle } from '../process-cost.js';
import { diskBytes } from './disk-usage.js';
import { RemoteWriteRequest } from './remote-write.js';
import { sendRequest } from './sending.js';
import type { Server, ServerKind } from './server.js';

/** So far ahead that everything before it is cut into blocks. */
const AHEAD_MS = 6 * 3_600_000;
const SETTLE_LIMIT_MS = 150_000;

export const PROMETHEUS: ServerKind = {
  binaries: ['prometheus'],
  apiPath: '/api/v1',
  uncached: '',
  flags: (dir, port) => {
    writeFileSync(join(dir, 'prometheus.yml'), 'global: { scrape_interval: 1h }\n');
    return [
      `--config.file=${join(dir, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(dir, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-remote-write-receiver',
      '--log.level=error',
    ];
  },
  settle: async (server, endMs, quietMs) => {
    await sendFromTheFuture(server, endMs + AHEAD_MS);
    await untilHeadBeginsAfter(server, endMs);
    await untilIdle(server.pid, quietMs, SETTLE_LIMIT_MS);
    return (
      'Prometheus at rest: one sample six hours later makes it cut all of the head into blocks; then it compacts them ' +
      'as it likes. Only blocks count as rest: log and head chunks hold nothing else any more but are not yet removed'
    );
  },
  restingBytes: async (dir) => {
    const names = await readdir(join(dir, 'data'));
    return diskBytes(...names.filter((name) => BLOCK.test(name)).map((name) => join(dir, 'data', name)));
  },
};

/** A ULID: blocks are named so, the log and the head chunks are not. */
const BLOCK = /^[0-9A-Z]{26}$/;

async function sendFromTheFuture(server: Server, timeMs: number): Promise<void> {
  const request = new RemoteWriteRequest([{ name: 'later', labels: { job: 'later' } }], 1);
  request.fill(0, timeMs, Float64Array.of(1));
  await sendRequest(server, request);
}

async function untilHeadBeginsAfter({ http }: Server, timeMs: number): Promise<void> {
  const limitMs = performance.now() + SETTLE_LIMIT_MS;
  while (performance.now() < limitMs) {
    const status = JSON.parse(await http.get('/api/v1/status/tsdb')) as HeadStatus;
    if (status.data.headStats.minTime > timeMs) return;
    await sleep(500);
  }
  throw new Error('Prometheus did not cut its head into blocks');
}

interface HeadStatus {
  readonly data: { readonly headStats: { readonly minTime: number } };
}
