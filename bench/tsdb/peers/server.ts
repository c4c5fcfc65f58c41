import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../e2e/running-host.js';
import { HttpClient } from './http-client.js';

/** A store that runs as a process of its own and is spoken to over HTTP: remote write in, PromQL out. */
export interface ServerKind {
  /** Names that the program goes by. */
  readonly binaries: readonly string[];
  /** What is put before `/query_range`, `/query` and `/write`. */
  readonly apiPath: string;
  /** Added to each query so that the answer is worked out anew. */
  readonly uncached: string;
  flags(dir: string, port: number): readonly string[];
  /** Brings everything written into the form in which it rests, and waits until the process is quiet. Returns how that was done. */
  settle(server: Server, endMs: number, quietMs: number): Promise<string>;
  /** The part of the folder that holds samples at rest; the rest is kept only for a crash. */
  restingBytes(dir: string): Promise<number>;
}

export interface Server {
  readonly kind: ServerKind;
  readonly dir: string;
  readonly pid: number;
  readonly http: HttpClient;
  readonly port: number;
  /** Sends a signal and waits for the end. */
  end(signal?: NodeJS.Signals): Promise<void>;
}

const START_LIMIT_MS = 120_000;
const LOOK_EVERY_MS = 10;

/** Where the program is, or nothing. */
export function findBinary(names: readonly string[]): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'];
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync);
}

/** Starts it on a folder and returns at once; see `untilAnswers`. Throws when it is not installed. */
export async function launch(kind: ServerKind, dir: string): Promise<Server> {
  const binary = findBinary(kind.binaries);
  if (binary === undefined) throw new Error(`not installed: ${kind.binaries.join(', ')}`);
  const port = await freePort();
  const child = spawn(binary, kind.flags(dir, port), { stdio: 'ignore', cwd: dir });
  const http = new HttpClient(port);
  const end = async (signal: NodeJS.Signals = 'SIGTERM') => {
    http.close();
    await ended(child, signal);
  };
  return { kind, dir, port, pid: child.pid ?? 0, http, end };
}

export async function startServer(kind: ServerKind, dir: string): Promise<Server> {
  const server = await launch(kind, dir);
  await untilAnswers(server, '/query?query=1', '"success"').catch(async (error: unknown) => {
    await server.end('SIGKILL');
    throw error;
  });
  return server;
}

/** Runs something against a server of its own and ends that one whatever happens. */
export async function withServer<Result>(
  kind: ServerKind,
  dir: string,
  use: (server: Server) => Promise<Result>,
): Promise<Result> {
  const server = await startServer(kind, dir);
  try {
    return await use(server);
  } finally {
    await server.end();
  }
}

/** Asks again and again until the answer contains a text. */
export async function untilAnswers({ http, kind }: Server, path: string, text: string): Promise<void> {
  const limitMs = performance.now() + START_LIMIT_MS;
  const asked = () => http.get(kind.apiPath + path).catch(() => '');
  while (!(await asked()).includes(text)) {
    if (performance.now() > limitMs)
      throw new Error(`${kind.binaries[0]} did not answer ${path} within ${START_LIMIT_MS} ms`);
    await sleep(LOOK_EVERY_MS);
  }
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}
