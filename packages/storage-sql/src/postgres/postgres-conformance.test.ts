import { ManualClock } from '@labkeeper/core/runtime';
import { conformStorage, recordingLog } from '@labkeeper/testkit';
import type { TsdbRules } from '@labkeeper/tsdb';
import { afterAll, describe, it } from 'vitest';
import { findPostgres, type PostgresServer } from '../testing/postgres-server.js';
import { EAGER_RULES, LASTING_RULES } from '../testing/sample-rules.js';
import { openPostgres } from './open-postgres.js';

const server = await findPostgres();

async function openWith({ url, newSchema }: PostgresServer, rules: TsdbRules) {
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
  conformStorage({ name: 'postgres', keeps: 'data', open: () => openWith(server, LASTING_RULES) });
  conformStorage({
    name: 'postgres, moving samples into packs after every append',
    keeps: 'data',
    faces: ['samples'],
    open: () => openWith(server, EAGER_RULES),
  });
} else {
  describe.skip('storage postgres conforms', () => {
    it('skipped: no PostgreSQL server; set LABKEEPER_TEST_POSTGRES or start one that trusts local users', () =>
      undefined);
  });
}
