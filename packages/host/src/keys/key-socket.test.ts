import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRedactor, ManualClock, memoryStorage } from '@labkeeper/core/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditedKeys } from './audited-keys.js';
import { answerKeyRequest, askRunningHost, keySocketPath, serveKeys } from './key-socket.js';
import { KeyStore } from './key-store.js';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'labkeeper-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

async function running() {
  const rows: unknown[] = [];
  const keys = new KeyStore({
    records: memoryStorage().records,
    clock: new ManualClock(),
    secrets: createRedactor(),
  });
  const audited = auditedKeys(keys, { record: async (row) => rows.push(row) as never });
  const socket = await serveKeys(dataDir, (request) => answerKeyRequest(audited, request));
  return { keys, rows, socket };
}

describe('asking the running host about keys', () => {
  it('finds nobody when no host runs on the data folder', async () => {
    expect(await askRunningHost(dataDir, { do: 'list' })).toBeUndefined();
  });

  it('adds, lists and revokes, with a row in the audit log for each change', async () => {
    const { keys, rows, socket } = await running();
    const added = (await askRunningHost(dataDir, { do: 'add', name: 'phone', role: 'viewer' })) as {
      key: string;
      info: { id: string };
    };
    expect(await keys.verify(added.key)).toMatchObject({ name: 'phone' });
    expect(await askRunningHost(dataDir, { do: 'list' })).toMatchObject({
      keys: [{ name: 'phone', role: 'viewer' }],
    });
    expect(await askRunningHost(dataDir, { do: 'revoke', id: added.info.id })).toEqual({ revoked: true });
    expect(await keys.verify(added.key)).toBeUndefined();
    expect(rows).toMatchObject([
      { action: 'key.add', target: added.info.id, outcome: 'done' },
      { action: 'key.revoke', target: added.info.id, outcome: 'done' },
    ]);
    expect(JSON.stringify(rows)).not.toContain(added.key);
    await socket.close();
  });

  it('passes on why the host refuses', async () => {
    const { socket } = await running();
    await expect(
      askRunningHost(dataDir, { do: 'add', name: 'phone', role: 'root' as never }),
    ).rejects.toMatchObject({ code: 'KEY_INVALID' });
    await socket.close();
  });

  it('lets only the owner of the data folder ask', async () => {
    const { socket } = await running();
    expect(statSync(keySocketPath(dataDir)).mode & 0o777).toBe(0o600);
    await socket.close();
  });

  it('takes the place of a socket that a killed host left behind', async () => {
    writeFileSync(keySocketPath(dataDir), '');
    const { socket } = await running();
    expect(await askRunningHost(dataDir, { do: 'list' })).toEqual({ keys: [] });
    await socket.close();
  });
});
