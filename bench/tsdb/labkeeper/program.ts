// The store behind a plain HTTP server, as a process of its own: what is measured is all of it, and nothing else.

import { createServer } from 'node:http';
import type { Storage } from '@labkeeper/core';
import { ManualClock } from '@labkeeper/core/runtime';
import Fastify from 'fastify';
import { openStore, SAMPLE_DEFAULTS, storageAdapter, troubleLog, upkeepDone } from '../../bench-store.js';
import { answerQuery, type QueryParameters } from './answers.js';
import { type Heartbeat, HeartbeatReader } from './heartbeat-reader.js';

const [dataDir = '', startMs = '0', port = '0', postgresUrl] = process.argv.slice(2);
// Time is the scenario's: a day passes as fast as its samples come.
const clock = new ManualClock(Number(startMs));

function open(): Promise<Storage> {
  if (postgresUrl === undefined) return openStore(dataDir, clock);
  const options = { ...SAMPLE_DEFAULTS, url: { reveal: () => postgresUrl }, schema: dataDir };
  return storageAdapter('postgres').open({ options, dataDir, clock, log: troubleLog });
}

const storage = await open();
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

/** Answers when the upkeep that is going on or due has ended. */
app.post('/upkeep', async () => {
  await upkeepDone(samples, clock);
  return samples.stats();
});

await app.listen({ host: '127.0.0.1', port: Number(port) });
process.stdout.write('listening\n');

process.once('SIGTERM', () => {
  void storage.close().then(() => process.exit(0));
});
