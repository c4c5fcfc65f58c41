import {
  defineStorage,
  type OptionsOf,
  optionsObject,
  type StorageContext,
  secretOption,
  Type,
} from '@labkeeper/core';
import { SAMPLE_OPTIONS, sampleRules } from '../samples/sample-options.js';
import { openPostgres, type PostgresStoreParts } from './open-postgres.js';
import { openPostgresForReading } from './open-postgres-for-reading.js';

const options = optionsObject({
  url: secretOption({ description: 'Where the database is: postgres://user:password@host:5432/database.' }),
  schema: Type.String({
    description: 'Schema for the tables; created when it does not exist. One for each Labkeeper.',
    default: 'labkeeper',
    pattern: '^[a-z_][a-z0-9_]{0,47}$',
  }),
  ...SAMPLE_OPTIONS,
});

/** A database server, for those who run one anyway. */
export const postgresAdapter = defineStorage({
  name: 'postgres',
  summary: 'Everything in one schema of a PostgreSQL database.',
  options,
  open: (context) => openPostgres(partsOf(context)),
  openForReading: (context) => openPostgresForReading(partsOf(context)),
});

function partsOf({
  options: given,
  clock,
  log,
}: StorageContext<OptionsOf<typeof options>>): PostgresStoreParts {
  const { url, schema } = given;
  return { url: url.reveal(), schema, clock, log, rules: sampleRules(given) };
}
