import { LabkeeperError } from '@labkeeper/core';
import type { ClientBase } from 'pg';

/** First half of the advisory lock's key, the letters LABK; the second is the schema. Other programs may lock too. */
const LOCK_CLASS = 0x4c41424b;

/** How long to wait for an own dead session to let go. */
const OWN_SESSION_TIMEOUT = '5s';

/** Who we are, in the words that `pg_stat_activity` shows. Different for every opening of a store. */
export interface Ownership {
  readonly schema: string;
  readonly applicationName: string;
}

interface Holder {
  readonly pid: number;
  readonly name: string;
  readonly address: string | null;
}

/**
 * Takes the store for the session of `connection`, which is the one that writes: whenever it ends, however it ends, the
 * lock ends with it, and a connection made in its place takes the lock again before it can write anything.
 * Throws STORAGE_LOCKED naming the holder.
 */
export async function lockForWriter(connection: ClientBase, ownership: Ownership): Promise<void> {
  const key = [LOCK_CLASS, ownership.schema];
  const { rows } = await connection.query<{ taken: boolean }>(
    'select pg_try_advisory_lock($1, hashtext($2)) as taken',
    key,
  );
  if (rows[0]?.taken) return;
  const holder = await readHolder(connection, ownership.schema);
  if (holder?.name !== ownership.applicationName) throw lockedBy(holder, ownership);
  // Our own session before a network cut, which the server has not noticed yet.
  await connection.query('select pg_terminate_backend($1)', [holder.pid]);
  await connection.query(`set lock_timeout = '${OWN_SESSION_TIMEOUT}'`);
  await connection.query('select pg_advisory_lock($1, hashtext($2))', key);
  await connection.query('reset lock_timeout');
}

async function readHolder(connection: ClientBase, schema: string): Promise<Holder | undefined> {
  const { rows } = await connection.query<Holder>(
    `select activity.pid, activity.application_name as name, host(activity.client_addr) as address
     from pg_locks as locks join pg_stat_activity as activity using (pid)
     where locks.locktype = 'advisory' and locks.granted and locks.classid = $1 and locks.objsubid = 2
       and locks.objid::bigint = (hashtext($2)::bigint & 4294967295)
       and locks.database = (select oid from pg_database where datname = current_database())`,
    [LOCK_CLASS, schema],
  );
  return rows[0];
}

function lockedBy(holder: Holder | undefined, { schema }: Ownership): LabkeeperError {
  const who = holder
    ? `${holder.name || `session ${holder.pid}`} from ${holder.address ?? 'the same machine'}`
    : 'another process';
  return new LabkeeperError('STORAGE_LOCKED', `the schema ${schema} is used by ${who}`, { found: who });
}
