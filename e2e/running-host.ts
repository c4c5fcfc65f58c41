import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../packages/host/dist/cli.js', import.meta.url));
/** The first admin key of every host under test. */
export const ADMIN_KEY = 'e2e-admin-key-0123456789abcdef';
/** A busy CI machine may take a while; nothing waits this long when all is well. */
const START_LIMIT_MS = 20_000;

/** The real program, running as a child process on a port and a data folder of its own. */
export interface RunningHost {
  readonly url: string;
  readonly dataDir: string;
  readonly process: ChildProcess;
  /** Everything it has printed so far. */
  output(): string;
  /** Asks the API with the admin key; the body as JSON. Throws for a status other than 2xx. */
  api<Body>(path: string, init?: { method?: string; json?: unknown }): Promise<Body>;
  /** Sends a signal and waits for the end; returns the exit code, or null after SIGKILL. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface HostSetup {
  /** Text of the configuration file; none: the host watches this machine. */
  readonly yaml?: string;
  /** Folder to use again after a restart. */
  readonly dataDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly port?: number;
}

/** A new empty folder for a host's data and configuration. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'labkeeper-e2e-'));
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Starts the built host and waits until it answers. End it with `end`. Throws with its output when it does not come up. */
export async function startHost(setup: HostSetup = {}): Promise<RunningHost> {
  const host = await spawnHost(setup);
  await answers(host);
  return host;
}

/** The same without waiting: for those who want to end it while it still comes up. */
export async function spawnHost(setup: HostSetup = {}): Promise<RunningHost> {
  const dataDir = setup.dataDir ?? temporaryFolder();
  const port = setup.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [CLI, 'start', ...hostArguments(setup, dataDir, port)], {
    cwd: dataDir,
    env: { ...process.env, LABKEEPER_ADMIN_KEY: ADMIN_KEY, ...setup.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  return {
    url,
    dataDir,
    process: child,
    output: () => printed,
    api: (path, init) => askApi(url, path, init),
    end: (signal = 'SIGTERM') => endProcess(child, signal),
  };
}

function hostArguments(setup: HostSetup, dataDir: string, port: number): string[] {
  const common = ['--data', join(dataDir, 'data'), '--listen', `127.0.0.1:${port}`];
  if (setup.yaml === undefined) return common;
  const file = join(dataDir, 'labkeeper.yaml');
  writeFileSync(file, setup.yaml);
  return ['--config', file, ...common];
}

async function answers(host: RunningHost): Promise<void> {
  await eventually(async () => {
    if (host.process.exitCode !== null)
      throw new Error(`the host ended with ${host.process.exitCode}:\n${host.output()}`);
    const response = await fetch(`${host.url}/health`).catch(() => undefined);
    return response?.ok === true;
  }, `the host answers; it printed:\n${host.output()}`);
}

async function askApi<Body>(
  url: string,
  path: string,
  init: { method?: string; json?: unknown } = {},
): Promise<Body> {
  const response = await fetch(url + path, {
    method: init.method ?? 'GET',
    headers: {
      'x-api-key': ADMIN_KEY,
      ...(init.json === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(init.json === undefined ? {} : { body: JSON.stringify(init.json) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${path}: ${response.status} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as Body;
}

function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.kill(signal);
  });
}

/**
 * Asks again and again until the answer is true. Real processes have no clock to push, so end-to-end tests wait for
 * what they want to see, never for a time. Throws with `wish` when it does not come true.
 */
export async function eventually(
  ask: () => Promise<boolean> | boolean,
  wish: string,
  limitMs = START_LIMIT_MS,
): Promise<void> {
  const endMs = Date.now() + limitMs;
  while (!(await ask())) {
    if (Date.now() > endMs) throw new Error(`not within ${limitMs} ms: ${wish}`);
    await sleep(25);
  }
}
