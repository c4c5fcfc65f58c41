import type { Contribution, TSchema } from '@labkeeper/core';
import type { LoadedPlugin, PluginLoader } from '../plugins/plugin-loader.js';
import type { ConfiguredKind } from '../plugins/standard-plugins.js';
import { checkSiblings, collectSiblings, hostSchema, notifySiblings } from './host-schema.js';

type JsonSchema = Readonly<Record<string, unknown>>;

interface Section {
  readonly key: string;
  readonly kind: ConfiguredKind;
  readonly siblings: Readonly<Record<string, TSchema>>;
}

const SECTIONS: readonly Section[] = [
  { key: 'collect', kind: 'collectors', siblings: collectSiblings.properties },
  { key: 'check', kind: 'checks', siblings: checkSiblings.properties },
  { key: 'notify', kind: 'notifiers', siblings: notifySiblings.properties },
];

/** JSON Schema (draft 2020-12) of the configuration file, for editors. `listed` are the plugins that the file names. */
export async function configSchema(
  loader: PluginLoader,
  listed: ReadonlySet<LoadedPlugin>,
): Promise<JsonSchema> {
  const properties: Record<string, unknown> = { ...(plain(hostSchema).properties as object) };
  for (const { key, kind, siblings } of SECTIONS) {
    const variants = (await offered(loader, listed, kind)).map((contribution) =>
      itemSchema(contribution, siblings),
    );
    properties[key] = { ...(properties[key] as object), items: { anyOf: variants } };
  }
  const storages = await offered(loader, listed, 'storages');
  properties.storage = { ...(properties.storage as object), ...oneProperty(storages) };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Labkeeper configuration',
    ...plain(hostSchema),
    properties: allowReferences(properties),
  };
}

async function offered(
  loader: PluginLoader,
  listed: ReadonlySet<LoadedPlugin>,
  kind: ConfiguredKind,
): Promise<Contribution<TSchema, unknown>[]> {
  const byName = new Map<string, Contribution<TSchema, unknown>>();
  const take = (plugin: LoadedPlugin | undefined): void => {
    for (const contribution of (plugin?.plugin[kind] ?? []) as readonly Contribution<TSchema, unknown>[]) {
      if (!byName.has(contribution.name)) byName.set(contribution.name, contribution);
    }
  };
  for (const plugin of listed) take(plugin);
  for (const name of loader.standard.names(kind)) take(await loader.loadStandard(kind, name));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function itemSchema(
  { name, summary, options }: Contribution<TSchema, unknown>,
  siblings: Section['siblings'],
): JsonSchema {
  return {
    type: 'object',
    description: summary,
    properties: { [name]: optionsSchema(options, summary), ...mapValues(siblings, plain) },
    required: [name],
    additionalProperties: false,
  };
}

/** `system:` without a value means "no options", where no option is required. */
function optionsSchema(options: TSchema, summary: string): JsonSchema {
  const schema: JsonSchema = { description: summary, ...plain(options) };
  return (schema.required as readonly string[] | undefined)?.length
    ? schema
    : { ...schema, type: ['object', 'null'] };
}

function oneProperty(storages: readonly Contribution<TSchema, unknown>[]): JsonSchema {
  const properties = Object.fromEntries(
    storages.map(({ name, summary, options }) => [name, optionsSchema(options, summary)]),
  );
  return {
    type: 'object',
    properties,
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
    patternProperties: undefined,
  };
}

/** Without TypeBox's hidden marks. */
function plain(schema: TSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema)) as JsonSchema;
}

const REFERENCE = {
  type: 'string',
  pattern: '^\\$\\{[^}]+\\}$',
  description: 'Filled in when the file is read.',
};

/** Wherever a value has a form or is a number, a `${NAME}` may stand as well. */
function allowReferences(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(allowReferences);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = mapValues(schema as JsonSchema, allowReferences);
  return takesReference(inner)
    ? { ...pick(inner, ['description', 'default', 'examples']), anyOf: [inner, REFERENCE] }
    : inner;
}

function takesReference({ type, pattern, format, enum: choices }: JsonSchema): boolean {
  if (type === 'number' || type === 'integer' || type === 'boolean') return true;
  return type === 'string' && (typeof pattern === 'string' || format !== undefined || Array.isArray(choices));
}

function pick(schema: JsonSchema, keys: readonly string[]): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => keys.includes(key)));
}

function mapValues<Value, Result>(
  mapping: Readonly<Record<string, Value>>,
  change: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(mapping).map(([key, value]) => [key, change(value)]));
}
