import { defineStorage, optionsObject, secretOption, Type } from '@labkeeper/core';
import { openPostgres } from './open-postgres.js';

const options = optionsObject({
  url: secretOption({ description: 'Where the database is: postgres://user:password@host:5432/database.' }),
  schema: Type.String({
    description: 'Schema for the tables; created when it does not exist. One for each Labkeeper.',
    default: 'labkeeper',
    pattern: '^[a-z_][a-z0-9_]{0,47}$',
  }),
});

/** A database server, for those who run one anyway. */
export const postgresAdapter = defineStorage({
  name: 'postgres',
  summary: 'Everything in one schema of a PostgreSQL database.',
  options,
  open: ({ options: { url, schema }, clock, log }) => openPostgres({ url: url.reveal(), schema, clock, log }),
});
