import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, freePort } from '../../e2e/running-host.js';
import type { Nginx } from './nginx.js';
import { processUsage } from './process-usage.js';

const PROMETHEUS = '/usr/bin/prometheus';
const BLACKBOX = '/usr/bin/prometheus-blackbox-exporter';

/** What the usual pair needs for the same load, both processes together. */
export interface Peers {
  readonly cpuMsPerCheck: number;
  readonly bytesWrittenPerCheck: number;
}

export interface PeerSetup {
  readonly nginx: Nginx;
  readonly count: number;
  readonly everySeconds: number;
  readonly measureMs: number;
}

/** Runs blackbox exporter and Prometheus under the same load; nothing, when Debian's packages of them are not installed. */
export async function measurePeers(setup: PeerSetup): Promise<Peers | undefined> {
  if (!existsSync(PROMETHEUS) || !existsSync(BLACKBOX)) return undefined;
  console.log(`… the same with blackbox exporter and Prometheus for ${setup.measureMs / 1_000} s`);
  const folder = mkdtempSync(join(tmpdir(), 'labkeeper-bench-peers-'));
  const processes: ChildProcess[] = [];
  try {
    processes.push(...(await startBoth(folder, setup)));
    await sleep(setup.everySeconds * 2_000);
    const before = usageOf(processes);
    await sleep(setup.measureMs);
    const after = usageOf(processes);
    const checks = (setup.count * setup.measureMs) / 1_000 / setup.everySeconds;
    return {
      cpuMsPerCheck: (after.cpuMs - before.cpuMs) / checks,
      bytesWrittenPerCheck: (after.writtenBytes - before.writtenBytes) / checks,
    };
  } finally {
    for (const child of processes) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startBoth(folder: string, setup: PeerSetup): Promise<ChildProcess[]> {
  const [blackboxPort, prometheusPort] = [await freePort(), await freePort()];
  const modules = join(folder, 'blackbox.yml');
  writeFileSync(
    modules,
    'modules: { http: { prober: http, timeout: 5s, http: { preferred_ip_protocol: ip4 } } }\n',
  );
  const config = join(folder, 'prometheus.yml');
  writeFileSync(config, prometheusYaml(setup, blackboxPort));
  const quiet = { stdio: 'ignore' } as const;
  const blackbox = spawn(
    BLACKBOX,
    [`--config.file=${modules}`, `--web.listen-address=127.0.0.1:${blackboxPort}`],
    quiet,
  );
  const data = `--storage.tsdb.path=${join(folder, 'data')}`;
  const listen = `--web.listen-address=127.0.0.1:${prometheusPort}`;
  const prometheus = spawn(PROMETHEUS, [`--config.file=${config}`, data, listen], quiet);
  await eventually(async () => {
    const ready = await fetch(`http://127.0.0.1:${prometheusPort}/-/ready`).catch(() => undefined);
    return ready?.ok === true;
  }, 'Prometheus is ready');
  return [blackbox, prometheus];
}

function prometheusYaml({ nginx, count, everySeconds }: PeerSetup, blackboxPort: number): string {
  const targets = Array.from({ length: count }, (_, index) => `'${nginx.urlOf(index)}'`);
  return `global: { scrape_interval: ${everySeconds}s, scrape_timeout: ${Math.min(everySeconds, 5)}s }
scrape_configs:
  - job_name: http
    metrics_path: /probe
    params: { module: [http] }
    static_configs: [{ targets: [${targets.join(', ')}] }]
    relabel_configs:
      - { source_labels: [__address__], target_label: __param_target }
      - { source_labels: [__param_target], target_label: instance }
      - { target_label: __address__, replacement: '127.0.0.1:${blackboxPort}' }
`;
}

function usageOf(processes: readonly ChildProcess[]): { cpuMs: number; writtenBytes: number } {
  const usages = processes.map(({ pid }) => processUsage(pid ?? 0));
  return {
    cpuMs: usages.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    writtenBytes: usages.reduce((sum, { writtenBytes }) => sum + writtenBytes, 0),
  };
}
