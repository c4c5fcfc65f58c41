import { LabkeeperError } from '@labkeeper/core';
import type { Knex } from 'knex';
import { type Dialect, STORE_MIGRATIONS, type StoreMigration } from './store-schema.js';

const MIGRATIONS_TABLE = 'store_migrations';

/** Names of the steps that a database has behind it; none for an empty one. */
export async function appliedMigrations(sql: Knex): Promise<readonly string[]> {
  if (!(await sql.schema.hasTable(MIGRATIONS_TABLE))) return [];
  return sql(MIGRATIONS_TABLE).orderBy('id').pluck<string[]>('name');
}

/** Throws STORAGE_NEWER when a step was applied that this version does not know. */
export function assertNotNewer(
  applied: readonly string[],
  migrations: readonly StoreMigration[] = STORE_MIGRATIONS,
): void {
  const unknown = applied.find((name) => !migrations.some((migration) => migration.name === name));
  if (unknown !== undefined) {
    throw new LabkeeperError('STORAGE_NEWER', 'the database was written by a newer version of Labkeeper', {
      found: unknown,
      allowed: `up to ${migrations.at(-1)?.name}`,
    });
  }
}

/**
 * Brings the tables to the present version, each step in its own transaction. Called at every start, after the lock is
 * held; with nothing to do it costs two small queries.
 */
export async function migrateStore(
  sql: Knex,
  dialect: Dialect,
  migrations: readonly StoreMigration[] = STORE_MIGRATIONS,
): Promise<void> {
  const applied = await appliedMigrations(sql);
  assertNotNewer(applied, migrations);
  if (applied.length === migrations.length) return;
  const config = migratorConfig(dialect, migrations);
  // knex marks its own lock in a table, where it stays for ever if the process dies meanwhile. The store's lock is held,
  // so nobody else can be migrating now.
  await sql.migrate.forceFreeMigrationsLock(config);
  await sql.migrate.latest(config);
}

function migratorConfig(dialect: Dialect, migrations: readonly StoreMigration[]): Knex.MigratorConfig {
  const source: Knex.MigrationSource<StoreMigration> = {
    getMigrations: async () => [...migrations],
    getMigrationName: ({ name }) => name,
    getMigration: async ({ up }) => ({ up: (sql) => up(sql, dialect), down: goingBack }),
  };
  return { tableName: MIGRATIONS_TABLE, migrationSource: source };
}

async function goingBack(): Promise<void> {
  throw new LabkeeperError('STORAGE_NEWER', 'going back to an older version is not possible');
}
