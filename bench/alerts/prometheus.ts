import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, temporaryFolder } from '../../e2e/running-host.js';
import { findBinary } from '../tsdb/peers/server.js';
import { SPIKE_RULES, spikeRequest, unitName, WRITE_HEADERS } from './spike-rule.js';
import { startSink } from './webhook-sink.js';

/** How long an alert waits for company in Alertmanager; `30s` is its default. */
export type GroupWait = '0s' | '30s';

const START_MS = 5_000;
/** So that spikes do not fall into step with the interval. */
const ODD_PAUSE_MS = 3_137;

/** The same way through Prometheus and Alertmanager at an interval of ten seconds; undefined where they are not installed. */
export async function prometheusLatencies(
  times: number,
  groupWait: GroupWait,
): Promise<readonly number[] | undefined> {
  const prometheus = findBinary(['prometheus']);
  const alertmanager = findBinary(['prometheus-alertmanager', 'alertmanager']);
  if (prometheus === undefined || alertmanager === undefined) return undefined;
  const sink = await startSink();
  const [dir, port, alertPort] = [temporaryFolder(), await freePort(), await freePort()];
  writeConfigs(dir, { alertPort, groupWait, webhook: sink.url });
  const children = [
    spawn(alertmanager, alertmanagerFlags(dir, alertPort), { stdio: 'ignore', cwd: dir }),
    spawn(prometheus, prometheusFlags(dir, port), { stdio: 'ignore', cwd: dir }),
  ];
  try {
    await sleep(START_MS);
    const latencies: number[] = [];
    for (let index = 0; index < times; index++) {
      const unit = unitName(index);
      const heard = sink.heardOf(unit);
      const beginMs = performance.now();
      await fetch(`http://127.0.0.1:${port}/api/v1/write`, {
        method: 'POST',
        headers: WRITE_HEADERS,
        body: new Uint8Array(spikeRequest(unit)),
      });
      latencies.push((await heard) - beginMs);
      await sleep(ODD_PAUSE_MS);
    }
    return latencies;
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await sink.close();
  }
}

interface Wiring {
  readonly alertPort: number;
  readonly groupWait: GroupWait;
  readonly webhook: string;
}

function writeConfigs(dir: string, { alertPort, groupWait, webhook }: Wiring): void {
  writeFileSync(join(dir, 'rules.yml'), SPIKE_RULES);
  writeFileSync(
    join(dir, 'prometheus.yml'),
    `global: { scrape_interval: 1h, evaluation_interval: 10s }
rule_files: [rules.yml]
alerting: { alertmanagers: [{ static_configs: [{ targets: ['127.0.0.1:${alertPort}'] }] }] }
`,
  );
  writeFileSync(
    join(dir, 'alertmanager.yml'),
    `route: { receiver: sink, group_by: ['unit'], group_wait: ${groupWait} }
receivers: [{ name: sink, webhook_configs: [{ url: '${webhook}' }] }]
`,
  );
}

function alertmanagerFlags(dir: string, port: number): string[] {
  return [
    `--config.file=${join(dir, 'alertmanager.yml')}`,
    `--storage.path=${join(dir, 'alertmanager')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ];
}

function prometheusFlags(dir: string, port: number): string[] {
  return [
    `--config.file=${join(dir, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(dir, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--web.enable-remote-write-receiver',
  ];
}
