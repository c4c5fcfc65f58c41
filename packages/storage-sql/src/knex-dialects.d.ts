// knex keeps its dialects out of its types. Only what is overridden here is declared.
declare module 'knex/lib/dialects/sqlite3/index.js' {
  import type { Knex } from 'knex';

  class SqliteDialect extends Knex.Client {
    _driver(): unknown;
    _query(connection: unknown, query: unknown): Promise<unknown>;
  }
  export = SqliteDialect;
}

declare module 'knex/lib/dialects/postgres/index.js' {
  import type { Knex } from 'knex';

  class PostgresDialect extends Knex.Client {
    _query(connection: unknown, query: unknown): Promise<unknown>;
  }
  export = PostgresDialect;
}
