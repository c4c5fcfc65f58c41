import { type Static, type TSchema, Type } from '@labkeeper/core';

/** What may be said about a property for readers of the documentation. */
export interface Note {
  readonly description?: string;
  readonly examples?: readonly unknown[];
}

type Properties = Record<string, TSchema>;

/** An object with a name. In the OpenAPI document it stands once, under this name; unknown keys are refused. */
export function shape<Fields extends Properties>(title: string, fields: Fields, note: Note = {}) {
  return Type.Object(fields, { title, additionalProperties: false, ...note });
}

/**
 * The same or null. Written as a second type, not as `anyOf`: that is what OpenAPI 3.1 readers understand best and what
 * the serializer is quick with.
 */
export function nullable<Schema extends TSchema>(schema: Schema, note: Note = {}) {
  const { type, ...rest } = schema as Schema & { readonly type: string; readonly enum?: readonly unknown[] };
  const choices = rest.enum ? { enum: [...rest.enum, null] } : {};
  return Type.Unsafe<Static<Schema> | null>({ ...rest, ...choices, type: [type, 'null'], ...note });
}

/** One of a few texts. */
export function choice<const Text extends string>(texts: readonly Text[], note: Note = {}) {
  return Type.Unsafe<Text>({ type: 'string', enum: [...texts], ...note });
}

/** A point in time as it travels: ISO 8601, UTC. */
export function time(description?: string) {
  return Type.String({ format: 'date-time', ...(description === undefined ? {} : { description }) });
}

/** An object with keys of the user's own. */
export function mapOf<Schema extends TSchema>(value: Schema, note: Note = {}) {
  return Type.Unsafe<Record<string, Static<Schema>>>({
    type: 'object',
    additionalProperties: value,
    ...note,
  });
}

/** A value that fits in a table cell. */
export const scalar = Type.Unsafe<string | number | boolean | null>({
  type: ['string', 'number', 'boolean', 'null'],
});

/** A page of a list. */
export function pageOf<Item extends TSchema>(title: string, item: Item) {
  return shape(title, {
    items: Type.Array(item),
    total: Type.Integer({ description: 'Of all pages together.' }),
    next_cursor: nullable(Type.String(), {
      description: 'Pass it as `cursor` for the next page. Null on the last page.',
    }),
  });
}

/** Which part of a list: for the query of a list route. */
export const pageQuery = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1_000, default: 100, description: 'Items on a page.' }),
  ),
  cursor: Type.Optional(Type.String({ maxLength: 2_000, description: '`next_cursor` of the page before.' })),
};

/** A time as it travels. */
export function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

/** The same for a time that may be missing. */
export function isoTimeOrNull(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : isoTime(timeMs);
}
