import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../../../e2e/running-host.js';
import { HttpClient } from '../peers/http-client.js';

/** Where the bundle of the program goes: inside the workspace, so that it finds the packages. */
const OUTPUT = join(import.meta.dirname, '..', '..', '..', 'node_modules', '.cache', 'bench-tsdb');

/** Hosts that report at the same time. */
const CONNECTIONS = 25;

/** The store in a process of its own. */
export interface StoreProcess {
  readonly pid: number;
  readonly http: HttpClient;
  end(signal?: NodeJS.Signals): Promise<void>;
}

/** Where it keeps its samples. */
export interface StorePlace {
  /** A folder; for PostgreSQL the schema. */
  readonly dataDir: string;
  readonly postgresUrl?: string;
}

/** Bundles the program once: loaded from its sources, the loader's memory would be measured too. */
export async function buildProgram(): Promise<string> {
  mkdirSync(OUTPUT, { recursive: true });
  const outfile = join(OUTPUT, 'program.mjs');
  const { build } = createRequire(createRequire(import.meta.url).resolve('tsup'))(
    'esbuild',
  ) as typeof import('esbuild');
  await build({
    entryPoints: [join(import.meta.dirname, 'program.ts')],
    ...{ outfile, bundle: true, format: 'esm', platform: 'node', target: 'node20', packages: 'external' },
  });
  return outfile;
}

/** Starts it and waits until it listens. */
export async function startStore(program: string, place: StorePlace, startMs: number): Promise<StoreProcess> {
  const port = await freePort();
  const extra = place.postgresUrl === undefined ? [] : [place.postgresUrl];
  const child = spawn(process.execPath, [program, place.dataDir, String(startMs), String(port), ...extra], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await listening(child);
  const http = new HttpClient(port, CONNECTIONS);
  const end = async (signal: NodeJS.Signals = 'SIGTERM') => {
    http.close();
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  return { pid: child.pid ?? 0, http, end };
}

async function listening(child: ChildProcess): Promise<void> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const ended = once(child, 'exit').then(() => {
    throw new Error('the store ended before it listened');
  });
  await Promise.race([once(lines, 'line'), ended]);
}
