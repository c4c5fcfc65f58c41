import { createServer } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Door, openDoor } from './open-door.js';

const HERE = { host: '127.0.0.1', port: 0 };
const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

async function openHere(at = HERE): Promise<Door> {
  const door = await openDoor(at);
  open.push(door);
  return door;
}

function answering() {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => response.end(`${request.method} ${request.url} ${body}`));
  });
  open.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  return server;
}

const text = async (response: Response) => await response.text();

describe('a door', () => {
  it('lets whoever comes early wait, and answers them when somebody is there', async () => {
    const door = await openHere();
    const early = [
      fetch(`${door.address}/early`),
      fetch(`${door.address}/late-body`, { method: 'POST', body: 'x'.repeat(200_000) }),
    ];
    await door.handOver(answering());
    expect(await Promise.all(early.map(async (each) => await text(await each)))).toEqual([
      'GET /early ',
      `POST /late-body ${'x'.repeat(200_000)}`,
    ]);
    expect(await text(await fetch(`${door.address}/later`))).toBe('GET /later ');
  });

  it('is never closed while it is handed over', async () => {
    const door = await openHere();
    const asked: Promise<string>[] = [];
    const ask = () =>
      asked.push(fetch(`${door.address}/${asked.length}`, { headers: { connection: 'close' } }).then(text));
    for (let each = 0; each < 20; each++) ask();
    const handing = door.handOver(answering());
    for (let each = 0; each < 20; each++) ask();
    await handing;
    for (let each = 0; each < 20; each++) ask();
    expect(await Promise.all(asked)).toEqual(asked.map((_, index) => `GET /${index} `));
  });

  it('survives guests who leave before they are answered', async () => {
    const door = await openHere();
    const guest = connect(Number(new URL(door.address).port), '127.0.0.1');
    await new Promise((resolve) => guest.once('connect', resolve));
    guest.resetAndDestroy();
    const other = fetch(`${door.address}/stays`);
    await door.handOver(answering());
    expect(await text(await other)).toBe('GET /stays ');
  });

  it('belongs to the server afterwards, with its limits and its end', async () => {
    const door = await openHere();
    const waiting = fetch(door.address);
    const server = answering();
    await door.handOver(server);
    await text(await waiting);
    const held = connect(Number(new URL(door.address).port), '127.0.0.1');
    await new Promise((resolve) => held.once('connect', resolve));
    const ended = new Promise((resolve) => held.once('close', resolve));
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    await ended;
    await expect(fetch(door.address)).rejects.toThrow();
  });

  it('sends everybody away when it is closed', async () => {
    const door = await openHere();
    const early = fetch(door.address);
    await Promise.all([
      expect(early).rejects.toThrow(),
      new Promise((resolve) => setImmediate(resolve)).then(() => door.close()),
    ]);
    await expect(fetch(door.address)).rejects.toThrow();
  });

  it('says why it cannot be opened', async () => {
    const door = await openHere();
    const port = Number(new URL(door.address).port);
    await expect(openDoor({ host: '127.0.0.1', port })).rejects.toMatchObject({
      code: 'LISTEN_FAILED',
      message: expect.stringContaining('EADDRINUSE') as string,
    });
  });
});
