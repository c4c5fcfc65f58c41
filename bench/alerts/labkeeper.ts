import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ADMIN_KEY, startHost, temporaryFolder } from '../../e2e/running-host.js';
import { SPIKE_RULES, spikeRequest, unitName, WRITE_HEADERS } from './spike-rule.js';
import { startSink } from './webhook-sink.js';

/** Of the first evaluations by interval; before them nobody knows what holds already. */
const SETTLE_MS = 12_000;
/** Channels pace their messages; this is slower than any. */
const PAUSE_MS = 300;

/** Milliseconds from sending a sample to the webhook's arrival, once for each unit, through the real program on SQLite. */
export async function labkeeperLatencies(times: number): Promise<readonly number[]> {
  const sink = await startSink();
  const dataDir = temporaryFolder();
  writeFileSync(join(dataDir, 'spikes.yml'), SPIKE_RULES);
  const yaml = `collect: []\nrules: [./spikes.yml]\nnotify:\n  - webhook: { url: '${sink.url}' }\n    messages_per_minute: 0\n`;
  const host = await startHost({ yaml, dataDir });
  try {
    await sleep(SETTLE_MS);
    const latencies: number[] = [];
    for (let index = 0; index < times; index++) {
      latencies.push(await latency(host.url, unitName(index), sink.heardOf(unitName(index))));
      await sleep(PAUSE_MS);
    }
    return latencies;
  } finally {
    await host.end();
    await sink.close();
  }
}

async function latency(url: string, unit: string, heard: Promise<number>): Promise<number> {
  const beginMs = performance.now();
  const answer = await fetch(`${url}/prometheus/api/v1/write`, {
    method: 'POST',
    headers: { ...WRITE_HEADERS, 'x-api-key': ADMIN_KEY },
    body: new Uint8Array(spikeRequest(unit)),
  });
  if (answer.status !== 204) throw new Error(await answer.text());
  return (await heard) - beginMs;
}
