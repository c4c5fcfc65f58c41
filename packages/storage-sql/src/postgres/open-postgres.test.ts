import { LabkeeperError, type Series } from '@labkeeper/core';
import { ManualClock } from '@labkeeper/core/runtime';
import { recordingLog } from '@labkeeper/testkit';
import { TSDB_RULES } from '@labkeeper/tsdb';
import { afterAll, describe, expect, it } from 'vitest';
import { findPostgres } from '../testing/postgres-server.js';
import { openPostgres } from './open-postgres.js';

const server = await findPostgres();
const UP: Series = { name: 'up', labels: {} };

async function failure(opening: Promise<unknown>): Promise<LabkeeperError> {
  const error: unknown = await opening.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LabkeeperError);
  return error as LabkeeperError;
}

const parts = () => ({ clock: new ManualClock(), log: recordingLog(), rules: TSDB_RULES });

describe('a PostgreSQL that cannot be reached', () => {
  it('is STORAGE_UNAVAILABLE, without the password in any message', async () => {
    const url = 'postgres://labkeeper:sesame-open@127.0.0.1:1/test';
    const error = await failure(openPostgres({ ...parts(), url, schema: 'labkeeper' }));
    expect([error.code, error.message]).toEqual(['STORAGE_UNAVAILABLE', 'PostgreSQL cannot be reached']);
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
      expect(`${cause.message} ${cause.stack}`).not.toContain('sesame');
    }
  });
});

describe.skipIf(!server)('a store in PostgreSQL (skipped without a server)', () => {
  if (!server) return;
  afterAll(server.clear);
  const open = (schema: string) => openPostgres({ ...parts(), url: server.url, schema });

  /** Ends the sessions of a schema's store, as a restart of the server would. */
  const cutConnections = () =>
    server.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'labkeeper % process ${process.pid} %'`,
    );

  it('is refused to a second one, naming the first, until that is closed', async () => {
    const schema = server.newSchema();
    const first = await open(schema);
    const error = await failure(open(schema));
    expect(error.code).toBe('STORAGE_LOCKED');
    expect(error.message).toContain(`the schema ${schema} is used by labkeeper`);
    expect(error.message).toContain(`process ${process.pid} on`);
    await first.close();
    await (await open(schema)).close();
  });

  it('stands beside others in schemas of their own', async () => {
    const [left, right] = [await open(server.newSchema()), await open(server.newSchema())];
    await left.records.collection({ name: 'notes' }).put('a', 'left');
    expect(await right.records.collection({ name: 'notes' }).get('a')).toBeUndefined();
    await left.close();
    await right.close();
  });

  it('goes on by itself after its connections were lost', async () => {
    const store = await open(server.newSchema());
    const notes = store.records.collection<number>({ name: 'notes' });
    const before = await notes.put('a', 1);
    await cutConnections();
    const isBack = async (attempt: () => Promise<unknown>) => {
      // The first call may be the one that notices.
      await attempt().catch((error: unknown) => expect(error).toMatchObject({ code: 'STORAGE_UNAVAILABLE' }));
      await attempt();
    };
    await isBack(() => notes.put('b', 2));
    await isBack(() => store.samples.append({ series: [UP], timesMs: [1], values: [1] }));
    await isBack(() => notes.get('a'));
    expect(await store.health()).toBe('ok');
    expect(await notes.put('c', 3)).toBeGreaterThan(before);
    expect(
      (await store.samples.select([{ label: '__name__', operator: '=', value: 'up' }], 0, 9)).length,
    ).toBe(1);
    await store.close();
  });

  it('undoes a transaction in whose middle the connection is lost', async () => {
    const store = await open(server.newSchema());
    const notes = store.records.collection<number>({ name: 'notes' });
    await notes.put('a', 1);
    const failing = store.records.transaction(async (transaction) => {
      await transaction.collection({ name: 'notes' }).put('b', 2);
      await cutConnections();
      await transaction.collection({ name: 'notes' }).put('c', 3);
    });
    await expect(failing).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await notes.put('d', 4);
    expect((await notes.list()).records.map(({ key }) => key)).toEqual(['a', 'd']);
    await store.close();
  });

  it('writes nothing any more when another process has used the schema while the connection was lost', async () => {
    const schema = server.newSchema();
    const store = await open(schema);
    const notes = store.records.collection<number>({ name: 'notes' });
    await notes.put('a', 1);
    await cutConnections();
    await server.query(`update ${schema}.store_meta set value = 'somebody else' where name = 'owner'`);
    const write = async () => {
      await notes.put('b', 2).catch(() => undefined);
      return failure(notes.put('b', 2));
    };
    expect((await write()).code).toBe('STORAGE_LOCKED');
    expect(await store.health()).toMatchObject({
      problem: expect.stringContaining('another process') as string,
    });
    await store.close();
  });

  it('takes back the lock of its own session that the server still believes in', async () => {
    const { lockForWriter } = await import('./writer-lock.js');
    const { default: pg } = await import('pg');
    const ownership = { schema: server.newSchema(), applicationName: 'labkeeper test of one owner' };
    const connect = async () => {
      const client = new pg.Client({
        connectionString: server.url,
        application_name: ownership.applicationName,
      });
      client.on('error', () => undefined);
      await client.connect();
      return client;
    };
    const [dead, living] = [await connect(), await connect()];
    await lockForWriter(dead, ownership);
    await lockForWriter(living, ownership);
    await expect(dead.query('select 1')).rejects.toThrow();
    await living.end();
  });
});
