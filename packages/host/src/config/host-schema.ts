import {
  durationOption,
  NOTIFICATION_KINDS,
  optionsObject,
  SEVERITIES,
  type Severity,
  type Static,
  Type,
} from '@labkeeper/core';
import { DEFAULT_LISTEN, LISTEN_PATTERN } from '../parse-listen.js';
import { escalateSchema, groupingProperties, inhibitSchema, maintenanceSchema } from './alerting-schema.js';

const ENTITY_PATTERN = '^[a-z][a-z0-9-]*:[^\\s]+$';
const MEMORY_PATTERN = '^[1-9][0-9]*(?:MB|MiB|GB|GiB)$';

/** Bad enough to be told, and the person who knows better says so in the file. */
export const DEFAULT_SEVERITY: Severity = 'high';
/** One failure may be a lost packet; the second one, an interval later, is not. */
export const DEFAULT_FAILURES = 2;
/** Good news need no second witness. */
export const DEFAULT_RECOVERIES = 1;

const oneOf = <const Values extends readonly string[]>(values: Values, description: string) =>
  Type.Unsafe<Values[number]>({ type: 'string', enum: [...values], description });

const labels = Type.Record(Type.String(), Type.String(), {
  description: 'Labels added to what this entry measures.',
});
const entityId = (description: string) =>
  Type.String({ pattern: ENTITY_PATTERN, description, examples: ['server:nas'] });
const name = Type.String({
  minLength: 1,
  maxLength: 100,
  description: 'Shown to people; the id is made from it.',
});

/** A plugin that is not one of Labkeeper's own. */
export const listedPlugin = optionsObject({
  package: Type.String({
    minLength: 1,
    description: 'Name of the npm package, or a path that begins with ./',
  }),
  isolation: Type.Optional(
    oneOf(['thread', 'inline'], 'A thread of its own (default), or inside Labkeeper.'),
  ),
  memory: Type.Optional(
    Type.String({
      pattern: MEMORY_PATTERN,
      default: '128MB',
      description: 'Memory of the thread; above it, it is ended.',
    }),
  ),
});

const schedule = {
  every: Type.Optional(durationOption({ description: 'Time between two runs.' })),
  cron: Type.Optional(
    Type.String({
      minLength: 9,
      description: 'Cron expression in place of `every`.',
      examples: ['0 6 * * *'],
    }),
  ),
  time_zone: Type.Optional(
    Type.String({
      description: 'Time zone of `cron`, by its IANA name. Default UTC.',
      examples: ['Europe/Berlin'],
    }),
  ),
  timeout: Type.Optional(durationOption({ description: 'Longest time one run may take.' })),
};

const collectProperties = {
  name: Type.Optional(name),
  ...schedule,
  entity: Type.Optional(entityId('What is measured, when the plugin should not decide.')),
  labels: Type.Optional(labels),
};

const checkProperties = {
  ...collectProperties,
  depends_on: Type.Optional(
    Type.Array(entityId('An entity.'), {
      description: 'What must be up for this to be up; while it is down nobody is told of this.',
    }),
  ),
  severity: Type.Optional(oneOf(SEVERITIES, `How bad it is when this is down. Default ${DEFAULT_SEVERITY}.`)),
  failures: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 100,
      default: DEFAULT_FAILURES,
      description: 'Failed runs in a row before it counts as down.',
    }),
  ),
  recoveries: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 100,
      default: DEFAULT_RECOVERIES,
      description: 'Good runs in a row before it counts as up.',
    }),
  ),
  paused: Type.Optional(Type.Boolean({ default: false, description: 'Known, but not run.' })),
};

const notifyProperties = {
  name: Type.Optional(name),
  timeout: Type.Optional(durationOption({ description: 'Longest time one delivery may take.' })),
  ...groupingProperties,
  when: Type.Optional(
    optionsObject(
      {
        severity: Type.Optional(
          Type.Array(oneOf(SEVERITIES, 'A severity.'), {
            minItems: 1,
            description: 'Only these. Default all.',
          }),
        ),
        events: Type.Optional(
          Type.Array(oneOf(NOTIFICATION_KINDS, 'A kind of message.'), {
            minItems: 1,
            description: 'Only these. Default all.',
          }),
        ),
      },
      { description: 'What this channel is told.' },
    ),
  ),
};

/** What may stand beside the kind in an item of `collect:`. */
export const collectSiblings = optionsObject(collectProperties);
/** What may stand beside the kind in an item of `check:`. */
export const checkSiblings = optionsObject(checkProperties);
/** What may stand beside the kind in an item of `notify:`. */
export const notifySiblings = optionsObject(notifyProperties);

const entity = optionsObject({
  id: entityId('kind:name'),
  display_name: Type.Optional(Type.String({ minLength: 1 })),
  parent: Type.Optional(entityId('What it is part of.')),
  depends_on: Type.Optional(Type.Array(entityId('An entity.'))),
  labels: Type.Optional(labels),
  attributes: Type.Optional(
    Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])),
  ),
});

/** Any mapping. Cheaper to check than a record, whose every key is held against a pattern. */
const mapping = (description: string) =>
  Type.Unsafe<Readonly<Record<string, unknown>>>({ type: 'object', description });

const entries = (description: string) =>
  Type.Array(mapping('Its kind, and when and what for.'), { description });

/** The whole file. Items of `collect`, `check`, `notify` and the choice in `storage` are checked by what they name. */
export const hostSchema = optionsObject({
  plugins: Type.Optional(
    Type.Array(Type.Union([Type.String({ minLength: 1 }), listedPlugin]), {
      description: 'Plugins of other people. Labkeeper’s own need not be listed.',
    }),
  ),
  listen: Type.Optional(
    Type.String({
      pattern: LISTEN_PATTERN,
      default: DEFAULT_LISTEN,
      description: 'Address and port.',
      examples: ['0.0.0.0:8466'],
    }),
  ),
  api: Type.Optional(
    optionsObject({
      allowed_origins: Type.Optional(
        Type.Array(Type.String({ pattern: '^https?://[^/\\s]+$' }), {
          description: 'Other sites whose pages may call the API.',
        }),
      ),
      public_url: Type.Optional(
        Type.String({
          pattern: '^https?://\\S+$',
          description: 'Address people use; it stands in messages.',
        }),
      ),
    }),
  ),
  log: Type.Optional(
    optionsObject({
      level: Type.Optional(
        oneOf(['debug', 'info', 'warn', 'error'], 'The mildest lines that are written. Default info.'),
      ),
      format: Type.Optional(
        oneOf(['auto', 'json', 'text'], 'auto (default): text on a terminal, else JSON.'),
      ),
    }),
  ),
  storage: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), { description: 'Where everything is kept. Default sqlite.' }),
  ),
  entities: Type.Optional(
    Type.Array(entity, {
      description: 'What is watched, where a name, a place or a dependency is to be added.',
    }),
  ),
  collect: Type.Optional(entries('What is measured. Default: this machine.')),
  check: Type.Optional(entries('What must be well.')),
  notify: Type.Optional(entries('Who is told.')),
  rules: Type.Optional(
    Type.Array(
      Type.Union([Type.String({ minLength: 1 }), mapping('Rules of a plugin, with its parameters.')]),
      {
        description: 'Files of Prometheus rules, and rules of plugins by their name. Default: defaults.',
        examples: [['defaults', './rules/*.yml']],
      },
    ),
  ),
  maintenance: Type.Optional(
    Type.Array(maintenanceSchema, {
      description: 'When somebody works on something and nobody is told of it.',
    }),
  ),
  inhibit: Type.Optional(Type.Array(inhibitSchema, { description: 'Which alerts explain which others.' })),
  escalate: Type.Optional(
    Type.Array(escalateSchema, { description: 'Who is told when nobody takes care of an alert.' }),
  ),
  routes: Type.Optional(
    Type.Array(Type.String({ minLength: 1 }), {
      description: 'Further ways in that plugins offer, by name. A change counts at the next start.',
      examples: [['alertmanager']],
    }),
  ),
});

export type HostSections = Static<typeof hostSchema>;
export type ListedPlugin = Static<typeof listedPlugin>;
export type CollectSiblings = Static<typeof collectSiblings>;
export type CheckSiblings = Static<typeof checkSiblings>;
export type NotifySiblings = Static<typeof notifySiblings>;
