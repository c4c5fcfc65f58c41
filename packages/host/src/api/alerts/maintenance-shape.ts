import {
  DURATION_PATTERN,
  formatDuration,
  type MaintenanceTimes,
  type Static,
  Type,
  WEEKDAYS,
} from '@labkeeper/core';
import type { Alerts } from '@labkeeper/engine';
import { choice, isoTime, isoTimeOrNull, nullable, shape, time } from '../schemas/shape.js';
import { matcherShape, matcherView } from './matcher-shape.js';

type MaintenanceStatus = ReturnType<Alerts['maintenance']>[number];

const TIME_OF_DAY = '^([01][0-9]|2[0-3]):[0-5][0-9]$';
const timeOfDay = (description: string) =>
  Type.String({ pattern: TIME_OF_DAY, description, examples: ['02:00'] });

const once = shape('MaintenanceOnce', { from: time(), to: time() });
const weekly = shape('MaintenanceWeekly', {
  days: Type.Array(choice(WEEKDAYS), { minItems: 1, description: 'Days on which it begins.' }),
  from: timeOfDay('Beginning.'),
  to: timeOfDay('End; an earlier time is on the next day.'),
});
const cron = shape('MaintenanceCron', {
  expression: Type.String({ minLength: 9, maxLength: 200, description: 'When it begins.' }),
  for: Type.String({
    minLength: 2,
    pattern: DURATION_PATTERN,
    description: 'How long it lasts.',
    examples: ['2h'],
  }),
});

/** A window as it travels. */
export const maintenanceShape = shape('Maintenance', {
  name: Type.String(),
  once: nullable(once),
  weekly: nullable(weekly),
  cron: nullable(cron),
  time_zone: Type.String(),
  matchers: Type.Array(matcherShape),
  entities: Type.Array(Type.String()),
  comment: nullable(Type.String()),
  origin: choice(['file', 'person'], { description: 'One of the file can only be changed there.' }),
  is_open: Type.Boolean(),
  opens_at: nullable(time(), { description: 'Of the opening that goes on, or of the next one.' }),
  closes_at: nullable(time()),
});

export const maintenanceList = shape('MaintenanceList', { items: Type.Array(maintenanceShape) });

/** The body of a change: one of `once`, `weekly` and `cron`. */
export const maintenanceInput = shape('MaintenanceInput', {
  once: Type.Optional(nullable(once)),
  weekly: Type.Optional(nullable(weekly)),
  cron: Type.Optional(nullable(cron)),
  time_zone: Type.Optional(Type.String({ maxLength: 100, description: 'IANA name. Default UTC.' })),
  matchers: Type.Optional(
    Type.Array(matcherShape, { maxItems: 100, description: 'Labels of the alerts that it covers.' }),
  ),
  entities: Type.Optional(
    Type.Array(Type.String({ minLength: 3, maxLength: 500 }), {
      maxItems: 1_000,
      description: 'What is worked on; what depends on it is covered too.',
      examples: [['server:nas']],
    }),
  ),
  comment: Type.Optional(nullable(Type.String({ maxLength: 1_000 }))),
});

export const maintenanceParams = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100, description: 'Name of the window.' }),
});

/** A window as it travels. */
export function maintenanceView(window: MaintenanceStatus): Static<typeof maintenanceShape> {
  const { name, times, timeZone = 'UTC', matchers = [], entities = [], comment, occurrence } = window;
  return {
    ...{ name, once: null, weekly: null, cron: null, ...timesView(times), time_zone: timeZone },
    ...{ matchers: matchers.map(matcherView), entities: [...entities], comment: comment ?? null },
    ...{ origin: window.origin, is_open: window.isOpen },
    opens_at: isoTimeOrNull(occurrence?.fromMs),
    closes_at: isoTimeOrNull(occurrence?.toMs),
  };
}

function timesView(times: MaintenanceTimes): Partial<Static<typeof maintenanceShape>> {
  switch (times.kind) {
    case 'once':
      return { once: { from: isoTime(times.fromMs), to: isoTime(times.toMs) } };
    case 'weekly':
      return { weekly: { days: [...times.days], from: times.from, to: times.to } };
    case 'cron':
      return { cron: { expression: times.expression, for: formatDuration(times.durationMs) } };
  }
}
