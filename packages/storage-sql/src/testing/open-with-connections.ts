import { join } from 'node:path';
import { ManualClock } from '@labkeeper/core/runtime';
import { type RecordingLog, recordingLog } from '@labkeeper/testkit';
import type { SqlConnections } from '../database/sql-database.js';
import { type OpenStore, openStore } from '../open-store.js';
import type { SampleRules } from '../samples/sql-samples.js';
import { sqliteConnections } from '../sqlite/sqlite-connections.js';
import { loadSqliteDriver } from '../sqlite/sqlite-driver.js';

/** A store on SQLite together with its connections, for tests that make the database fail or look beneath. */
export interface TransparentStore {
  readonly store: OpenStore;
  readonly connections: SqlConnections;
  readonly clock: ManualClock;
  readonly log: RecordingLog;
}

export async function openWithConnections(dataDir: string, rules?: SampleRules): Promise<TransparentStore> {
  const [clock, log] = [new ManualClock(), recordingLog()];
  const connections = sqliteConnections(await loadSqliteDriver(), join(dataDir, 'labkeeper.db'), log);
  const release = async () => undefined;
  const store = await openStore({ connections, clock, log, release, ...(rules ? { rules } : {}) });
  return { store, connections, clock, log };
}

/** The statements that the writer is given, from now on. */
export function statementsOf({ writer }: SqlConnections): readonly string[] {
  const statements: string[] = [];
  writer.on('query', ({ sql }: { readonly sql: string }) => statements.push(sql));
  return statements;
}
