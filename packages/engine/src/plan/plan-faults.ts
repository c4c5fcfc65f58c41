import { describeError, type Fault, type Maintenance, type Matcher } from '@labkeeper/core';
import { nearestName } from '@labkeeper/core/runtime';
import { maintenanceProblem } from '../alerts/suppression/maintenance-times.js';
import { labelsMatch } from '../alerts/telling/alert-matchers.js';
import type { ChannelWishes, Escalation, Inhibition, Plan } from './plan.js';

type Path = Fault['path'];

/**
 * What is wrong with the parts of a plan that decide who is told: broken matchers, windows that never open, escalations to channels that are
 * not there, names that stand twice. All faults at once, with paths from the top of the plan. Pure. Called by whoever makes a plan from a file, and by
 * `apply`.
 */
export function planFaults(plan: Plan): readonly Fault[] {
  const { channels, maintenance = [], inhibitions = [], escalations = [] } = plan;
  return [
    ...channels.flatMap(({ when }, index) => channelFaults(when, ['channels', index, 'when'])),
    ...maintenance.flatMap((window, index) => maintenanceFaults(window, ['maintenance', index])),
    ...inhibitions.flatMap((rule, index) => inhibitionFaults(rule, ['inhibitions', index])),
    ...escalations.flatMap((each, index) => escalationFaults(each, channels, ['escalations', index])),
    ...doubles(maintenance, 'maintenance'),
    ...doubles(escalations, 'escalations'),
  ];
}

function channelFaults(when: ChannelWishes, path: Path): readonly Fault[] {
  const numbers = ['groupWaitMs', 'groupIntervalMs', 'repeatIntervalMs', 'messagesPerMinute'] as const;
  return [
    ...matcherFaults(when.matchers ?? [], [...path, 'matchers']),
    ...numbers.flatMap((name) => notNegative(when[name], [...path, name])),
  ];
}

function maintenanceFaults(window: Maintenance, path: Path): readonly Fault[] {
  const problem = maintenanceProblem(window);
  return [
    ...(problem === undefined ? [] : [wrong([...path, 'times'], problem)]),
    ...matcherFaults(window.matchers ?? [], [...path, 'matchers']),
  ];
}

function inhibitionFaults({ sourceMatchers, targetMatchers }: Inhibition, path: Path): readonly Fault[] {
  return [
    ...matcherFaults(sourceMatchers, [...path, 'sourceMatchers']),
    ...matcherFaults(targetMatchers, [...path, 'targetMatchers']),
  ];
}

function escalationFaults(
  { matchers, channels, afterMs, againEveryMs }: Escalation,
  known: Plan['channels'],
  path: Path,
): readonly Fault[] {
  const names = known.map(({ name }) => name);
  const strangers = channels.flatMap((channel, index): Fault[] => {
    if (names.includes(channel)) return [];
    const nearest = nearestName(channel, names);
    const fault = wrong([...path, 'channels', index], `there is no channel '${channel}'`);
    return [{ ...fault, found: channel, ...(nearest === undefined ? {} : { nearest }) }];
  });
  return [
    ...matcherFaults(matchers, [...path, 'matchers']),
    ...strangers,
    ...notNegative(afterMs, [...path, 'afterMs']),
    ...notNegative(againEveryMs, [...path, 'againEveryMs']),
  ];
}

function matcherFaults(matchers: readonly Matcher[], path: Path): readonly Fault[] {
  return matchers.flatMap((matcher, index) => {
    try {
      labelsMatch([matcher], {});
      return [];
    } catch (error) {
      return [wrong([...path, index], describeError(error))];
    }
  });
}

function notNegative(value: number | undefined, path: Path): readonly Fault[] {
  return value === undefined || value >= 0 ? [] : [wrong(path, `${value} is less than nothing`)];
}

function doubles(items: readonly { readonly name: string }[], section: string): readonly Fault[] {
  return items.flatMap(({ name }, index): Fault[] =>
    items.findIndex((item) => item.name === name) === index
      ? []
      : [
          {
            code: 'CONFIG_DUPLICATE_NAME',
            path: [section, index, 'name'],
            message: `the name '${name}' stands twice`,
          },
        ],
  );
}

function wrong(path: Path, message: string): Fault {
  return { code: 'CONFIG_WRONG_VALUE', path, message };
}
