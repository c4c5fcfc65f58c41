import { durationOption, optionsObject, Type, WEEKDAYS } from '@labkeeper/core';

const matchers = (description: string) =>
  Type.Array(Type.String({ minLength: 1 }), {
    minItems: 1,
    description,
    examples: [['severity="critical"']],
  });
const label = Type.String({ pattern: '^[a-zA-Z_][a-zA-Z0-9_]*$' });
const name = (description: string) => Type.String({ minLength: 1, maxLength: 100, description });
const timeOfDay = (description: string) =>
  Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description, examples: ['02:00'] });
const point = (description: string) =>
  Type.String({
    pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?(Z|[+-]\\d\\d:\\d\\d)$',
    description,
    examples: ['2026-01-31T22:00:00Z'],
  });

/** An item of `maintenance:`. */
export const maintenanceSchema = optionsObject({
  name: name('What is done; it stands in the trail of every alert that it covers.'),
  once: Type.Optional(optionsObject({ from: point('Beginning.'), to: point('End.') })),
  weekly: Type.Optional(
    optionsObject({
      days: Type.Array(Type.Unsafe<(typeof WEEKDAYS)[number]>({ type: 'string', enum: [...WEEKDAYS] }), {
        minItems: 1,
        description: 'Days on which it begins.',
      }),
      from: timeOfDay('Beginning.'),
      to: timeOfDay('End; an earlier time is on the next day.'),
    }),
  ),
  cron: Type.Optional(
    optionsObject({
      expression: Type.String({ minLength: 9, description: 'When it begins.', examples: ['0 3 1 * *'] }),
      for: durationOption({ description: 'How long it lasts.' }),
    }),
  ),
  time_zone: Type.Optional(
    Type.String({ description: 'Time zone by its IANA name. Default UTC.', examples: ['Europe/Berlin'] }),
  ),
  match: Type.Optional(matchers('Labels of the alerts that it covers; all must match.')),
  entities: Type.Optional(
    Type.Array(Type.String({ minLength: 3 }), {
      minItems: 1,
      description: 'What is worked on; what depends on it is covered too.',
      examples: [['server:nas']],
    }),
  ),
  comment: Type.Optional(Type.String()),
});

/** An item of `inhibit:`. */
export const inhibitSchema = optionsObject({
  name: Type.Optional(name('Stands in the trail of every alert that it holds back.')),
  source: matchers('Alerts that explain others.'),
  target: matchers('Alerts that are explained by them: nobody is told.'),
  equal: Type.Optional(Type.Array(label, { description: 'Labels in which both must agree.' })),
});

/** An item of `escalate:`. */
export const escalateSchema = optionsObject({
  name: Type.Optional(name('Stands in the trail of every alert that is escalated.')),
  match: Type.Optional(matchers('Labels of the alerts that it is for; all must match. Default all alerts.')),
  after: durationOption({ description: 'How long nobody takes care of the alert before.' }),
  to: Type.Array(Type.String({ minLength: 1 }), {
    minItems: 1,
    description: 'Names of channels of `notify:` that are told then.',
  }),
  every: Type.Optional(
    durationOption({ description: 'They are told again after this time.', default: '4h' }),
  ),
});

/** What may stand beside the kind in an item of `notify:` about how alerts are put together. */
export const groupingProperties = {
  match: Type.Optional(matchers('Labels of the alerts that it wants; all must match. Default all alerts.')),
  group: Type.Optional(
    optionsObject(
      {
        by: Type.Array(label, {
          description: 'Alerts with the same values of these labels are told in one message.',
          examples: [['alertname'], ['instance']],
        }),
        wait: Type.Optional(
          durationOption({ description: 'How long the first message waits for company.', default: '0s' }),
        ),
        interval: Type.Optional(
          durationOption({ description: 'Shortest time between two messages of a group.', default: '5m' }),
        ),
      },
      { description: 'Default: each alert is a message of its own, at once.' },
    ),
  ),
  repeat: Type.Optional(
    durationOption({
      description: 'An alert that goes on and that nobody has seen is told again. 0s: never.',
      default: '4h',
    }),
  ),
  resolved: Type.Optional(
    Type.Boolean({ default: true, description: 'Whether it hears when an alert is over.' }),
  ),
  messages_per_minute: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 1_000,
      default: 20,
      description: 'What is more is told as one message. 0: no limit.',
    }),
  ),
};
