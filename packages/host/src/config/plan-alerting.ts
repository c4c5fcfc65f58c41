import {
  durationMs,
  type EntityId,
  type Fault,
  isEntityId,
  type Maintenance,
  type MaintenanceTimes,
  type Static,
} from '@labkeeper/core';
import { nearestName } from '@labkeeper/core/runtime';
import type { Escalation, Inhibition } from '@labkeeper/engine';
import type { escalateSchema, inhibitSchema, maintenanceSchema } from './alerting-schema.js';
import { isTimeZone, whatIsWrongWithCron } from './check-timing.js';
import type { ConfigPath } from './config-path.js';
import { slug } from './entry-name.js';
import type { HostSections } from './host-schema.js';
import { readMatchers } from './read-matchers.js';
import type { Reading } from './reading.js';

interface Alerting {
  readonly maintenance: readonly Maintenance[];
  readonly inhibitions: readonly Inhibition[];
  readonly escalations: readonly Escalation[];
}

/** Items of a list that have the right shape, with their paths. What is left out has its fault already. */
function items<Item>(list: readonly Item[] | undefined, key: string): readonly [Item, ConfigPath][] {
  return (Array.isArray(list) ? (list as readonly Item[]) : [])
    .map((item, index): [Item, ConfigPath] => [item, [key, index]])
    .filter(([item]) => typeof item === 'object' && item !== null);
}

/** `maintenance:`, `inhibit:` and `escalate:`. Reports what is wrong; the result may be used only when nothing was reported. */
export function planAlerting(
  sections: HostSections,
  { channels, reading }: { readonly channels: readonly string[]; readonly reading: Reading },
): Alerting {
  const report = (faults: readonly Fault[]) => reading.report(...faults);
  return {
    maintenance: items(sections.maintenance, 'maintenance').flatMap(([item, path]) =>
      planMaintenance(item, path, report),
    ),
    inhibitions: items(sections.inhibit, 'inhibit').map(([item, path]) => planInhibition(item, path, report)),
    escalations: items(sections.escalate, 'escalate').map(([item, path]) =>
      planEscalation(item, path, { channels, report }),
    ),
  };
}

type Report = (faults: readonly Fault[]) => void;

function planMaintenance(
  item: Static<typeof maintenanceSchema>,
  path: ConfigPath,
  report: Report,
): readonly Maintenance[] {
  const { name, time_zone: timeZone, match, entities = [], comment } = item;
  const { matchers, faults } = readMatchers(match, [...path, 'match']);
  const times = timesOf(item, path, report);
  report([...faults, ...zoneFaults(timeZone, path), ...entityFaults(entities, path)]);
  if (!times) return [];
  return [
    {
      ...{ name, times },
      ...(timeZone === undefined ? {} : { timeZone }),
      ...(matchers.length === 0 ? {} : { matchers }),
      ...(entities.length === 0 ? {} : { entities: entities as readonly EntityId[] }),
      ...(comment === undefined ? {} : { comment }),
    },
  ];
}

function timesOf(
  { once, weekly, cron }: Static<typeof maintenanceSchema>,
  path: ConfigPath,
  report: Report,
): MaintenanceTimes | undefined {
  const given = [once, weekly, cron].filter((one) => one !== undefined);
  if (given.length !== 1) {
    const message = `A maintenance has one of \`once\`, \`weekly\` and \`cron\`; here are ${given.length}.`;
    report([{ code: 'CONFIG_WRONG_VALUE', path, message, allowed: 'one of them' }]);
    return undefined;
  }
  if (weekly) return { kind: 'weekly', ...weekly };
  if (once) return onceOf(once, path, report);
  if (!cron) return undefined;
  const fault = whatIsWrongWithCron(cron.expression);
  if (fault !== undefined) report([wrong([...path, 'cron', 'expression'], fault, cron.expression)]);
  return { kind: 'cron', expression: cron.expression, durationMs: durationMs(cron.for) };
}

function onceOf(
  { from, to }: { readonly from: string; readonly to: string },
  path: ConfigPath,
  report: Report,
): MaintenanceTimes {
  const times = { kind: 'once', fromMs: Date.parse(from), toMs: Date.parse(to) } as const;
  for (const [key, text] of Object.entries({ from, to }))
    if (Number.isNaN(Date.parse(text)))
      report([wrong([...path, 'once', key], 'There is no such time.', text)]);
  if (times.toMs <= times.fromMs) report([wrong([...path, 'once', 'to'], 'It ends before it begins.', to)]);
  return times;
}

function planInhibition(item: Static<typeof inhibitSchema>, path: ConfigPath, report: Report): Inhibition {
  const source = readMatchers(item.source, [...path, 'source']);
  const target = readMatchers(item.target, [...path, 'target']);
  report([...source.faults, ...target.faults]);
  return {
    ...(item.name === undefined ? {} : { name: item.name }),
    sourceMatchers: source.matchers,
    targetMatchers: target.matchers,
    equal: item.equal ?? [],
  };
}

function planEscalation(
  { name, match, after, to, every }: Static<typeof escalateSchema>,
  path: ConfigPath,
  { channels, report }: { readonly channels: readonly string[]; readonly report: Report },
): Escalation {
  const { matchers, faults } = readMatchers(match, [...path, 'match']);
  const named = to.map((text) => (channels.includes(text) ? text : slug(text, '')));
  const unknown = named.flatMap((channel, index) =>
    channels.includes(channel) ? [] : [unknownChannel(to[index] ?? '', [...path, 'to', index], channels)],
  );
  report([...faults, ...unknown]);
  return {
    name: name ?? `escalation ${Number(path.at(-1)) + 1}`,
    ...{ matchers, afterMs: durationMs(after), channels: named },
    ...(every === undefined ? {} : { againEveryMs: durationMs(every) }),
  };
}

function unknownChannel(found: string, path: ConfigPath, channels: readonly string[]): Fault {
  const nearest = nearestName(found, channels);
  return {
    ...wrong(path, 'There is no channel of this name in `notify:`.', found),
    allowed: channels.join(', '),
    ...(nearest === undefined ? {} : { nearest }),
  };
}

function zoneFaults(timeZone: string | undefined, path: ConfigPath): readonly Fault[] {
  if (timeZone === undefined || isTimeZone(timeZone)) return [];
  return [
    {
      ...wrong([...path, 'time_zone'], 'There is no time zone of this name.', timeZone),
      allowed: 'an IANA name such as Europe/Berlin',
    },
  ];
}

function entityFaults(entities: readonly string[], path: ConfigPath): readonly Fault[] {
  return entities.flatMap((entity, index) =>
    isEntityId(entity)
      ? []
      : [
          {
            ...wrong([...path, 'entities', index], 'This is no entity.', entity),
            allowed: 'kind:name, such as server:nas',
          },
        ],
  );
}

function wrong(path: ConfigPath, message: string, found: string): Fault {
  return { code: 'CONFIG_WRONG_VALUE', path, message, found };
}
