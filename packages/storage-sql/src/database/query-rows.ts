import type { Knex } from 'knex';

/** Runs a raw query and gives its rows; the two dialects answer in different forms. */
export async function queryRows<Row>(
  sql: Knex,
  text: string,
  bindings: readonly Knex.RawBinding[] = [],
): Promise<readonly Row[]> {
  const answer: unknown = await sql.raw(text, [...bindings]);
  return (Array.isArray(answer) ? answer : (answer as { rows: unknown }).rows) as readonly Row[];
}
