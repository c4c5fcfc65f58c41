import { join } from 'node:path';
import { ManualClock } from '@labkeeper/core/runtime';
import { type RecordingLog, recordingLog } from '@labkeeper/testkit';
import { FileMedium, type TsdbRules } from '@labkeeper/tsdb';
import type { SqlConnections } from '../database/sql-database.js';
import { type OpenStore, openStore } from '../open-store.js';
import { sqliteConnections } from '../sqlite/sqlite-connections.js';
import { loadSqliteDriver } from '../sqlite/sqlite-driver.js';
import { LASTING_RULES } from './sample-rules.js';

/** A store on SQLite together with its connections, for tests that make the database fail or look beneath. */
export interface TransparentStore {
  readonly store: OpenStore;
  readonly connections: SqlConnections;
  readonly clock: ManualClock;
  readonly log: RecordingLog;
}

export async function openWithConnections(
  dataDir: string,
  rules: TsdbRules = LASTING_RULES,
): Promise<TransparentStore> {
  const [clock, log] = [new ManualClock(), recordingLog()];
  const connections = sqliteConnections(await loadSqliteDriver(), join(dataDir, 'labkeeper.db'), log);
  const release = async () => undefined;
  const medium = () => FileMedium.open(join(dataDir, 'samples-journal'));
  const store = await openStore({ connections, clock, log, release, rules, medium });
  return { store, connections, clock, log };
}

/** The statements that the writer is given, from now on. */
export function statementsOf({ writer }: SqlConnections): readonly string[] {
  const statements: string[] = [];
  writer.on('query', ({ sql }: { readonly sql: string }) => statements.push(sql));
  return statements;
}
