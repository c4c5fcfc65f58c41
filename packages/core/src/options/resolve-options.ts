import { Value } from 'typebox/value';
import type { OptionsOf, TSchema } from '../contract/options.js';
import { Secret } from '../contract/secret.js';
import { isSecretNode, type SchemaNode, schemaNode } from './schema-text.js';

/**
 * The options a plugin gets: defaults filled in, texts of secret options wrapped in {@link Secret}, all of it frozen.
 * `value` must have passed `checkOptions`; it is not changed. `protect` hears every secret text once.
 * Called once per instance when a configuration is applied.
 */
export function resolveOptions<Schema extends TSchema>(
  schema: Schema,
  value: unknown,
  protect: (text: string) => void = () => undefined,
): OptionsOf<Schema> {
  const filled: unknown = Value.Default(schema, structuredClone(value));
  return seal(schemaNode(schema), filled, protect) as OptionsOf<Schema>;
}

function seal(node: SchemaNode, value: unknown, protect: (text: string) => void): unknown {
  if (typeof value === 'string' && mayBeSecret(node)) {
    protect(value);
    return new Secret(value);
  }
  if (Array.isArray(value)) {
    return Object.freeze(
      value.map((item: unknown) => seal(branchFor(node, item).items ?? {}, item, protect)),
    );
  }
  if (typeof value !== 'object' || value === null) return value;
  const branch = branchFor(node, value);
  const sealed: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value))
    sealed[key] = seal(propertyNode(branch, key), item, protect);
  return Object.freeze(sealed);
}

/** A choice that allows a secret text makes every text at that place a secret: better one too many than one shown. */
function mayBeSecret(node: SchemaNode): boolean {
  return isSecretNode(node) || (node.anyOf?.some(mayBeSecret) ?? false);
}

/** Of a choice, the branch with the value's structure; where several have it, the one that knows all of its keys. */
function branchFor(node: SchemaNode, value: unknown): SchemaNode {
  if (!node.anyOf) return node;
  const branches = node.anyOf.map((branch) => branchFor(branch, value));
  if (Array.isArray(value)) return branches.find((branch) => branch.type === 'array') ?? node;
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const objects = branches.filter((branch) => branch.type === 'object');
  return (
    objects.find((branch) => keys.every((key) => key in (branch.properties ?? {}))) ?? objects[0] ?? node
  );
}

function propertyNode(node: SchemaNode, key: string): SchemaNode {
  const own = node.properties?.[key];
  if (own) return own;
  const byPattern = Object.entries(node.patternProperties ?? {}).find(([pattern]) =>
    new RegExp(pattern).test(key),
  );
  if (byPattern) return byPattern[1];
  return typeof node.additionalProperties === 'object' ? node.additionalProperties : {};
}
