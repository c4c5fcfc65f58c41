import { definePlugin } from '@labkeeper/core';
import { postgresAdapter } from './postgres/postgres-adapter.js';
import { sqliteAdapter } from './sqlite/sqlite-adapter.js';

export default definePlugin({
  name: 'storage-sql',
  summary: 'Keeps everything in SQLite, or in PostgreSQL.',
  storages: [sqliteAdapter, postgresAdapter],
});
