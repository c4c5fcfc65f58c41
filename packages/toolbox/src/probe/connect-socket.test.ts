import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { ManualClock } from '@labkeeper/core/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import type { Address } from '../names/address.js';
import { connectSocket } from './connect-socket.js';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

/** Listens on 127.0.0.2 only, so that the same port of 127.0.0.1 refuses. */
async function serve(): Promise<number> {
  const server: Server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.2', resolve));
  open.push(server);
  return (server.address() as AddressInfo).port;
}

function connect(addresses: readonly Address[], port: number, clock = new ManualClock()) {
  return new Promise<{ socket?: Socket; error?: Error; address: Address }>((resolve) => {
    connectSocket({
      addresses,
      port,
      clock,
      onConnect: (socket, address) => {
        socket.destroy();
        resolve({ socket, address });
      },
      onFail: (error, address) => resolve({ error, address }),
    });
  });
}

const REFUSING: Address = { address: '127.0.0.1', family: 4 };
const GOOD: Address = { address: '127.0.0.2', family: 4 };
/** Of a range that is for documents only: there is no route to it, or nobody at its end. */
const DEAD: Address = { address: '192.0.2.1', family: 4 };

describe('connectSocket', () => {
  it('goes on to the next address at once when one refuses', async () => {
    expect(await connect([REFUSING, GOOD], await serve())).toMatchObject({ address: GOOD });
  });

  it('tries the next address beside one that says nothing', async () => {
    const clock = new ManualClock();
    const connected = connect([DEAD, GOOD], await serve(), clock);
    await clock.advance(250);
    expect(await connected).toMatchObject({ address: GOOD });
    expect(clock.pendingTimers).toBe(0);
  });

  it('tells the fault that explains most when every address fails', async () => {
    // Not an address of this machine, so binding the way back to it fails as a missing route does.
    const broadcast: Address = { address: '255.255.255.255', family: 4 };
    const failed = await connect([broadcast, REFUSING], await serve());
    expect(failed).toMatchObject({ address: REFUSING, error: { code: 'ECONNREFUSED' } });
  });
});
