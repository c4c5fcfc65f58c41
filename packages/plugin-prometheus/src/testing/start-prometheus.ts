import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PROGRAM = '/usr/bin/prometheus';
const TOOL = '/usr/bin/promtool';

/** Whether there is a Prometheus to test against. */
export const HAS_PROMETHEUS = existsSync(PROGRAM) && existsSync(TOOL);

/** A Prometheus of a test. */
export interface RunningPrometheus {
  readonly url: string;
  /** `host:port`. */
  readonly address: string;
  stop(): Promise<void>;
}

/** Starts Prometheus on a free port, with a data folder of its own that holds the given OpenMetrics text. Resolves when it is ready. */
export async function startPrometheus(openMetrics: string): Promise<RunningPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'labkeeper-prometheus-'));
  writeFileSync(join(folder, 'prometheus.yml'), 'global: {}\n');
  writeFileSync(join(folder, 'samples.om'), openMetrics);
  execFileSync(TOOL, ['tsdb', 'create-blocks-from', 'openmetrics', 'samples.om', 'data'], { cwd: folder });
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    PROGRAM,
    [
      '--config.file=prometheus.yml',
      '--storage.tsdb.path=data',
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=${address}`,
    ],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    const lines = createInterface(child.stderr);
    lines.on('line', (line) => {
      if (line.includes('Server is ready to receive web requests')) resolve();
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`prometheus ended with ${code}`)));
  });
  return {
    url: `http://${address}`,
    address,
    async stop() {
      child.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
