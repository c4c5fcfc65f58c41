import { SCHEMA_ROLE, type TSchema } from '../contract/options.js';

/** The parts of JSON Schema that option schemas use. */
export interface SchemaNode {
  /** Several for a value that may be of more than one type, such as text or null. */
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly SchemaNode[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: boolean | SchemaNode;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly [SCHEMA_ROLE]?: string;
}

/** A TypeBox schema seen as the JSON Schema it is. */
export function schemaNode(schema: TSchema): SchemaNode {
  return schema as unknown as SchemaNode;
}

/** True when the schema marks its text as a secret. */
export function isSecretNode(node: SchemaNode): boolean {
  return node[SCHEMA_ROLE] === 'secret';
}

/** What a value must be, in words: `a number from 1 to 10`, `one of 'any', '4', '6'`. For messages and tables. */
export function describeSchema(node: SchemaNode): string {
  if (node[SCHEMA_ROLE] === 'duration') return 'a duration such as 10s, 5m or 1h30m';
  if (isSecretNode(node)) return 'a text (kept secret)';
  if (node.const !== undefined) return quote(node.const);
  if (node.enum) return `one of ${node.enum.map(quote).join(', ')}`;
  if (node.anyOf) return describeChoice(node.anyOf);
  if (typeof node.type === 'object')
    return node.type.map((type) => describeSchema({ ...node, type })).join(', or ');
  if (node.type === 'array') return `a list of ${node.items ? plural(describeSchema(node.items)) : 'values'}`;
  if (node.type === 'object') return describeObject(node);
  return describeScalar(node);
}

function describeChoice(branches: readonly SchemaNode[]): string {
  if (branches.every((branch) => branch.const !== undefined)) {
    return `one of ${branches.map((branch) => quote(branch.const)).join(', ')}`;
  }
  return [...new Set(branches.map(describeSchema))].join(', or ');
}

function describeObject(node: SchemaNode): string {
  const keys = Object.keys(node.properties ?? {});
  return keys.length > 0 && keys.length <= 12 ? `a mapping with ${keys.join(', ')}` : 'a mapping';
}

function describeScalar(node: SchemaNode): string {
  switch (node.type) {
    case 'integer':
      return `a whole number${bounds(node.minimum, node.maximum)}`;
    case 'number':
      return `a number${bounds(node.minimum, node.maximum)}`;
    case 'boolean':
      return 'true or false';
    case 'string':
      return describeText(node);
    case 'null':
      return 'nothing (null)';
    default:
      return 'a value';
  }
}

function describeText(node: SchemaNode): string {
  if (node.examples?.length) return `a text such as ${node.examples.map(String).join(', ')}`;
  if (node.pattern) return `a text of the form ${node.pattern}`;
  return node.minLength ? 'a text that is not empty' : 'a text';
}

function bounds(minimum: number | undefined, maximum: number | undefined): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `, at least ${minimum}`;
  return maximum === undefined ? '' : `, at most ${maximum}`;
}

function quote(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}

function plural(text: string): string {
  return `items, each ${text}`;
}
