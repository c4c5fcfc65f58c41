import { get } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from 'undici';

/** CPU of this process for one request on a new connection, in milliseconds, done in the plainest ways there are. */
export interface Floor {
  readonly bareSocketMs: number;
  readonly nodeHttpMs: number;
  /** The same, one every {@link PACE_MS}: the process sleeps in between, and wakes with cold caches for each packet. */
  readonly pacedNodeHttpMs: number;
  readonly undiciMs: number;
}

/** As many at once as a host has going on at a few hundred checks a second. */
const AT_ONCE = 8;
const WARM_UP = 500;
/** 1,000 checks every 20 s. */
const PACE_MS = 20;
const PACED_REQUESTS = 500;

/** Measures it against a server, one way after the other. */
export async function measureFloor(url: string, count: number): Promise<Floor> {
  const target = new URL(url);
  const agent = new Agent({ connections: 100 });
  try {
    return {
      bareSocketMs: await cpuOf(() => viaSocket(target), count),
      nodeHttpMs: await cpuOf(() => viaNodeHttp(target), count),
      pacedNodeHttpMs: await pacedCpuOf(() => viaNodeHttp(target)),
      undiciMs: await cpuOf(() => viaUndici(target, agent), count),
    };
  } finally {
    await agent.close();
  }
}

async function cpuOf(request: () => Promise<void>, count: number): Promise<number> {
  await repeat(request, WARM_UP);
  const before = process.cpuUsage();
  await repeat(request, count);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / count;
}

async function pacedCpuOf(request: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  const begun: Promise<void>[] = [];
  for (let each = 0; each < PACED_REQUESTS; each++) {
    begun.push(request());
    await sleep(PACE_MS);
  }
  await Promise.all(begun);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / PACED_REQUESTS;
}

async function repeat(request: () => Promise<void>, count: number): Promise<void> {
  let left = count;
  const loop = async () => {
    while (left-- > 0) await request();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, loop));
}

function viaSocket({ hostname, port, host, pathname }: URL): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    });
    socket.resume();
    socket.once('error', reject);
    socket.once('close', () => resolve());
  });
}

function viaNodeHttp(url: URL): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      response.resume();
      response.once('end', resolve);
    }).once('error', reject);
  });
}

async function viaUndici({ origin, pathname }: URL, agent: Agent): Promise<void> {
  const { body } = await agent.request({ origin, path: pathname, method: 'GET', reset: true });
  await body.dump();
}
