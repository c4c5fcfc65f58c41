import { type EntityId, type EntityObservation, isEntityId } from '@labkeeper/core';
import type { Plan } from '@labkeeper/engine';
import type { PluginCatalog } from '../plugins/plugin-catalog.js';
import { alertingFaults } from './alerting-faults.js';
import { type DependencyEdge, dependencyCycles, unknownEntities } from './check-dependencies.js';
import { type CheckedEntry, checkEntry, type SectionRules } from './check-entries.js';
import { labelFaults } from './check-labels.js';
import { timingFaults } from './check-timing.js';
import type { ConfigPath } from './config-path.js';
import type { Digest } from './digest.js';
import { duplicateNames, type NamedEntry, slug } from './entry-name.js';
import {
  type CollectSiblings,
  checkSiblings,
  collectSiblings,
  type HostSections,
  notifySiblings,
} from './host-schema.js';
import { planAlerting } from './plan-alerting.js';
import { planChannel, planCheck, planCollector, planEntity } from './plan-entries.js';
import { readMatchers } from './read-matchers.js';
import type { Reading } from './reading.js';

interface Parts {
  readonly catalog: PluginCatalog;
  readonly reading: Reading;
  readonly digest: Digest;
}

const siblingFaults: SectionRules['check'] = (siblings, schedule) => [
  ...timingFaults(siblings as CollectSiblings, schedule),
  ...labelFaults(siblings as CollectSiblings),
];
const COLLECT: SectionRules = {
  word: 'collector',
  kind: 'collectors',
  siblings: collectSiblings,
  check: siblingFaults,
};
const CHECK: SectionRules = { word: 'check', kind: 'checks', siblings: checkSiblings, check: siblingFaults };
const NOTIFY: SectionRules = {
  word: 'notifier',
  kind: 'notifiers',
  siblings: notifySiblings,
  check: ({ match }) => readMatchers(match as readonly string[] | undefined, ['match']).faults,
};

/** What is measured when the file does not say: this machine. `collect: []` measures nothing. */
const DEFAULT_COLLECT = [{ system: {} }];

type Item = Readonly<Record<string, unknown>>;
type Named = { readonly name: string; readonly displayName?: string };
type Planned<Instance> = { readonly instance: Instance; readonly path: readonly (string | number)[] };

/** Checks every section and reports all faults. The plan holds what is right; it may be used only when nothing was reported. */
export async function planSections(sections: HostSections, parts: Parts): Promise<Plan> {
  const planned = {
    collectors: await section('collect', sections.collect ?? DEFAULT_COLLECT, COLLECT, {
      ...parts,
      plan: planCollector,
    }),
    checks: await section('check', sections.check ?? [], CHECK, { ...parts, plan: planCheck }),
    channels: await section('notify', sections.notify ?? [], NOTIFY, { ...parts, plan: planChannel }),
  };
  const entities = (sections.entities ?? []).filter(({ id }) => isEntityId(String(id))).map(planEntity);
  reportDependencies(entities, planned, parts.reading);
  const plan = {
    collectors: planned.collectors.map(({ instance }) => instance),
    checks: planned.checks.map(({ instance }) => instance),
    channels: planned.channels.map(({ instance }) => instance),
    entities,
  };
  return {
    ...plan,
    ...planAlertingOf(plan, sections, { reading: parts.reading, channels: planned.channels }),
  };
}

/** What decides who is told. What the engine would refuse of it is looked for when nothing else is wrong with it. */
function planAlertingOf(
  plan: Plan,
  sections: HostSections,
  { reading, channels }: { readonly reading: Reading; readonly channels: readonly Planned<Named>[] },
) {
  const before = reading.faults.length;
  const names = [...plan.channels.map(({ name }) => name), ...wantedNames(sections.notify)];
  const alerting = planAlerting(sections, { channels: [...new Set(names)], reading });
  if (reading.faults.length === before)
    reading.report(
      ...alertingFaults(
        { ...plan, ...alerting },
        channels.map(({ path }) => path),
      ),
    );
  return alerting;
}

/** What the items of `notify:` will be called once their faults are mended: an escalation to one of them is none. */
function wantedNames(items: readonly unknown[] = []): readonly string[] {
  return items.flatMap((item) => {
    if (typeof item !== 'object' || item === null) return [];
    const { name, ...rest } = item as Item;
    return typeof name === 'string'
      ? [slug(name, '')]
      : Object.keys(rest).filter((key) => !(key in notifySiblings.properties));
  });
}

/** Checks and plans the items of one section, and reports names that stand twice, those of faulty items included. */
async function section<Siblings, Instance extends Named>(
  key: string,
  items: readonly unknown[],
  rules: SectionRules,
  { plan, ...parts }: Parts & { plan(checked: CheckedEntry<Siblings>, digest: Digest): Instance },
): Promise<readonly Planned<Instance>[]> {
  const planned: Planned<Instance>[] = [];
  const names: NamedEntry[] = [];
  for (const [index, item] of items.entries()) {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) continue;
    const path = [key, index];
    const checked = await checkEntry<Siblings>(item as Item, path, { rules, ...parts });
    const instance = checked && plan(checked, parts.digest);
    if (instance) planned.push({ instance, path });
    names.push(...(instance ? [named(instance, path)] : writtenName(item as Item, path)));
  }
  parts.reading.report(...duplicateNames(names, rules.word));
  return planned;
}

/** The name of an item with other faults, so that a second one of that name is told of in the same run. */
function writtenName({ name }: Item, path: ConfigPath): NamedEntry[] {
  return typeof name === 'string' && name !== '' ? [{ id: slug(name, ''), name, path }] : [];
}

function named({ name, displayName = name }: Named, path: ConfigPath): NamedEntry {
  return { id: name, name: displayName, path };
}

function reportDependencies(
  entities: readonly EntityObservation[],
  {
    collectors,
    checks,
  }: {
    readonly collectors: readonly Planned<{ readonly entity?: EntityId }>[];
    readonly checks: readonly Planned<{
      readonly entity: EntityId;
      readonly dependsOn: readonly EntityId[];
    }>[];
  },
  reading: Reading,
): void {
  const edges: DependencyEdge[] = [
    ...entities.flatMap((entity, index) => edgesOf(entity.id, entity.dependsOn, ['entities', index])),
    ...checks.flatMap(({ instance, path }) => edgesOf(instance.entity, instance.dependsOn, path)),
  ];
  const watched = [...collectors, ...checks].map(({ instance }) => instance.entity);
  const known = new Set([
    ...entities.map(({ id }) => id),
    ...watched.filter((entity) => entity !== undefined),
  ]);
  reading.warn(...unknownEntities(edges, known));
  reading.report(...dependencyCycles(edges));
}

function edgesOf(
  from: EntityId,
  dependsOn: readonly EntityId[] = [],
  path: readonly (string | number)[] = [],
): DependencyEdge[] {
  return dependsOn.map((to, index) => ({ from, to, path: [...path, 'depends_on', index] }));
}
