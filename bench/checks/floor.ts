import { get } from 'node:http';
import { connect } from 'node:net';
import { Agent } from 'undici';

/** CPU of this process for one request on a new connection, in milliseconds, done in the plainest ways there are. */
export interface Floor {
  readonly bareSocketMs: number;
  readonly nodeHttpMs: number;
  readonly undiciMs: number;
}

/** As many at once as a host has going on at a few hundred checks a second. */
const AT_ONCE = 8;
const WARM_UP = 500;

/** Measures it against a server, one way after the other. */
export async function measureFloor(url: string, count: number): Promise<Floor> {
  const target = new URL(url);
  const agent = new Agent({ connections: 100 });
  try {
    return {
      bareSocketMs: await cpuOf(() => viaSocket(target), count),
      nodeHttpMs: await cpuOf(() => viaNodeHttp(target), count),
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
