import { ManualClock } from '@labkeeper/core/runtime';
import { conformStorage, recordingLog } from '@labkeeper/testkit';
import { afterAll, describe, it } from 'vitest';
import { SAMPLE_RULES, type SampleRules } from '../samples/sql-samples.js';
import { findPostgres, type PostgresServer } from '../testing/postgres-server.js';
import { openPostgres } from './open-postgres.js';

const server = await findPostgres();

async function openWith({ url, newSchema }: PostgresServer, rules: SampleRules) {
  const parts = { url, schema: newSchema(), clock: new ManualClock(), log: recordingLog(), rules };
  const storage = await openPostgres(parts);
  let current = storage;
  const reopen = async () => {
    await current.close();
    current = await openPostgres(parts);
    return current;
  };
  return { storage, reopen };
}

if (server) {
  afterAll(server.clear);
  conformStorage({ name: 'postgres', keeps: 'data', open: () => openWith(server, SAMPLE_RULES) });
  conformStorage({
    name: 'postgres, moving samples into chunks after every append',
    keeps: 'data',
    faces: ['samples'],
    open: () => openWith(server, { windowMs: 1_000, graceMs: 0, maxHeadSamples: 0, atClose: 'leave' }),
  });
} else {
  describe.skip('storage postgres conforms', () => {
    it('skipped: no PostgreSQL server; set LABKEEPER_TEST_POSTGRES or start one that trusts local users', () =>
      undefined);
  });
}
