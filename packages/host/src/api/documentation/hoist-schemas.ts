type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

/**
 * Named schemas (those with a `title`) stand once under `components` and are referred to elsewhere. In the code they are
 * plain objects, because that is what validates and serializes fastest; readers and generators of client code want names.
 */
export function hoistSchemas(document: JsonObject): JsonObject {
  const schemas: Record<string, Json> = {};
  const hoist = (node: Json): Json => {
    if (isArray(node)) return node.map(hoist);
    if (node === null || typeof node !== 'object') return node;
    const inner = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, hoist(value)]));
    const { title, ...schema } = inner;
    // A title of the document is not one of a schema, and a property may be called `title`.
    return typeof title === 'string' && schema.type !== undefined ? refer(schemas, title, schema) : inner;
  };
  const hoisted = hoist(document) as JsonObject;
  const components = (hoisted.components ?? {}) as JsonObject;
  return { ...hoisted, components: { ...components, schemas: sortedByName(schemas) } };
}

/** A reference to the schema, which is kept. One that may also be null refers to the same schema without null. */
function refer(
  schemas: Record<string, Json>,
  title: string,
  { description, ...schema }: Record<string, Json>,
): Json {
  const isNullable = isArray(schema.type);
  schemas[title] = isNullable ? { ...schema, type: 'object' } : schema;
  const reference = { $ref: `#/components/schemas/${title}` };
  const told: JsonObject = description === undefined ? {} : { description };
  return isNullable ? { anyOf: [reference, { type: 'null' }], ...told } : { ...reference, ...told };
}

function sortedByName(schemas: Record<string, Json>): Record<string, Json> {
  return Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isArray(node: Json | undefined): node is readonly Json[] {
  return Array.isArray(node);
}
