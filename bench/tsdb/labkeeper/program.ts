// The store behind a plain HTTP server, as a process of its own: what is measured is all of it, and nothing else.

import { createServer } from 'node:http';
import type { Logger, Storage } from '@labkeeper/core';
import { ManualClock } from '@labkeeper/core/runtime';
import storageSql from '@labkeeper/storage-sql';
import Fastify from 'fastify';
import { answerQuery, type QueryParameters } from './answers.js';
import { type Heartbeat, HeartbeatReader } from './heartbeat-reader.js';

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (message, fields) => console.error(message, fields),
  error: (message, fields) => console.error(message, fields),
  child: () => silent,
};

/** The options of the adapters, as they are when nothing is written. */
const SAMPLE_DEFAULTS = {
  durability: '10s',
  keep_samples: '30d',
  keep_5m: '1y',
  keep_1h: '5y',
  late_samples_within: '1h',
};

const [dataDir = '', startMs = '0', port = '0', postgresUrl] = process.argv.slice(2);
// Time is the scenario's: a day passes as fast as its samples come.
const clock = new ManualClock(Number(startMs));

async function openStore(): Promise<Storage> {
  const name = postgresUrl === undefined ? 'sqlite' : 'postgres';
  const adapter = storageSql.storages?.find((one) => one.name === name);
  if (!adapter) throw new Error(`there is no adapter '${name}'`);
  const place = postgresUrl === undefined ? {} : { url: { reveal: () => postgresUrl }, schema: dataDir };
  return adapter.open({ options: { ...SAMPLE_DEFAULTS, ...place } as never, dataDir, clock, log: silent });
}

const storage = await openStore();
const { samples } = storage;
const heartbeats = new HeartbeatReader();
const app = Fastify({ bodyLimit: 64 * 1024 * 1024, serverFactory: (handler) => createServer(handler) });

app.post<{ Body: Heartbeat }>('/heartbeat', async ({ body }) => samples.append(heartbeats.batchOf(body)));

app.get<{ Querystring: QueryParameters }>('/query', async ({ query }, reply) => {
  void reply.type('application/json');
  return answerQuery(samples, query);
});

/** Lets time pass, in steps in which timers fire. */
app.post<{ Querystring: { readonly to: string } }>('/time', async ({ query }) => {
  await clock.advance(Math.max(0, Number(query.to) - clock.now()));
  return {};
});

/** Answers when the upkeep that is going on or due has ended: a deletion waits for its turn behind it. */
app.post('/upkeep', async () => {
  await samples.append({
    series: [{ name: 'labkeeper_bench', labels: {} }],
    timesMs: [clock.now()],
    values: [1],
  });
  await samples.delete([{ label: 'instance', operator: '=', value: 'nobody' }], 0, 1);
  return samples.stats();
});

await app.listen({ host: '127.0.0.1', port: Number(port) });
process.stdout.write('listening\n');

process.once('SIGTERM', () => {
  void storage.close().then(() => process.exit(0));
});
