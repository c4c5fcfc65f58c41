import { writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PROMETHEUS } from '../tsdb/peers/prometheus.js';
import { RemoteWriteRequest } from '../tsdb/peers/remote-write.js';
import { sendRequest } from '../tsdb/peers/sending.js';
import { findBinary, type Server, withServer } from '../tsdb/peers/server.js';
import { cpuSecondsOf, untilIdle } from '../tsdb/process-cost.js';
import { EVERY_SECONDS, loadSeries, ruleFile } from './rule-load.js';

const QUIET_MS = 3_000;
const QUIET_LIMIT_MS = 30_000;

/** CPU of Prometheus for one interval of the same rules; undefined where it is not installed. */
export async function prometheusCost(cycles: number): Promise<number | undefined> {
  if (findBinary(PROMETHEUS.binaries) === undefined) return undefined;
  const withRules = await cpuPerCycle(cycles, ruleFile());
  return withRules - (await cpuPerCycle(cycles, 'groups: []\n'));
}

async function cpuPerCycle(cycles: number, rules: string): Promise<number> {
  const dir = await mkdtemp(join(tmpdir(), 'labkeeper-rules-'));
  try {
    await writeFile(join(dir, 'rules.yml'), rules);
    const kind = { ...PROMETHEUS, flags: (folder: string, port: number) => flags(folder, port) };
    return await withServer(kind, dir, (server) => measure(server, cycles));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function flags(dir: string, port: number): readonly string[] {
  const usual = PROMETHEUS.flags(dir, port);
  // The usual flags have written a configuration of their own; this one has the rules.
  writeConfig(dir);
  return usual;
}

function writeConfig(dir: string): void {
  writeFileSync(join(dir, 'prometheus.yml'), 'global: { scrape_interval: 1h }\nrule_files: [rules.yml]\n');
}

async function measure(server: Server, cycles: number): Promise<number> {
  const series = loadSeries();
  const request = new RemoteWriteRequest(series, 1);
  request.fill(
    0,
    Date.now(),
    Float64Array.from(series, (_, index) => index % 500),
  );
  await sendRequest(server, request);
  await untilIdle(server.pid, QUIET_MS, QUIET_LIMIT_MS);
  const before = cpuSecondsOf(server.pid);
  await sleep(cycles * EVERY_SECONDS * 1_000);
  return ((cpuSecondsOf(server.pid) - before) * 1_000) / cycles;
}
