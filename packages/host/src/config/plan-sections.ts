import { type EntityId, type EntityObservation, isEntityId } from '@labkeeper/core';
import type { Plan } from '@labkeeper/engine';
import type { PluginCatalog } from '../plugins/plugin-catalog.js';
import { type DependencyEdge, dependencyCycles, unknownEntities } from './check-dependencies.js';
import { type CheckedEntry, checkEntry, type SectionRules } from './check-entries.js';
import { labelFaults } from './check-labels.js';
import { timingFaults } from './check-timing.js';
import type { ConfigPath } from './config-path.js';
import type { Digest } from './digest.js';
import { duplicateNames, type NamedEntry, slug } from './entry-name.js';
import {
  type CheckSiblings,
  type CollectSiblings,
  checkSiblings,
  collectSiblings,
  type HostSections,
  type NotifySiblings,
  notifySiblings,
} from './host-schema.js';
import { planChannel, planCheck, planCollector, planEntity } from './plan-entries.js';
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
const NOTIFY: SectionRules = { word: 'notifier', kind: 'notifiers', siblings: notifySiblings };

/** What is measured when the file does not say: this machine. `collect: []` measures nothing. */
const DEFAULT_COLLECT = [{ system: {} }];

type Item = Readonly<Record<string, unknown>>;
type Planned<Instance> = { readonly instance: Instance; readonly path: readonly (string | number)[] };

/** Checks every section and reports all faults. The plan holds what is right; it may be used only when nothing was reported. */
export async function planSections(sections: HostSections, parts: Parts): Promise<Plan> {
  const { reading, digest } = parts;
  const faulty = { collect: [] as NamedEntry[], check: [] as NamedEntry[], notify: [] as NamedEntry[] };
  const collectors = await section<CollectSiblings>('collect', sections.collect ?? DEFAULT_COLLECT, COLLECT, {
    ...parts,
    faulty: faulty.collect,
  });
  const checks = await section<CheckSiblings>('check', sections.check ?? [], CHECK, {
    ...parts,
    faulty: faulty.check,
  });
  const channels = await section<NotifySiblings>('notify', sections.notify ?? [], NOTIFY, {
    ...parts,
    faulty: faulty.notify,
  });
  const planned = {
    collectors: collectors.map((checked) => ({
      instance: planCollector(checked, digest),
      path: checked.entry.path,
    })),
    checks: checks.map((checked) => ({ instance: planCheck(checked, digest), path: checked.entry.path })),
    channels: channels.map((checked) => ({
      instance: planChannel(checked, digest),
      path: checked.entry.path,
    })),
  };
  reading.report(
    ...duplicateNames([...planned.collectors.map(named), ...faulty.collect], COLLECT.word),
    ...duplicateNames([...planned.checks.map(named), ...faulty.check], CHECK.word),
    ...duplicateNames([...planned.channels.map(named), ...faulty.notify], NOTIFY.word),
  );
  const entities = (sections.entities ?? []).filter(({ id }) => isEntityId(String(id))).map(planEntity);
  reportDependencies(entities, planned, reading);
  return {
    collectors: planned.collectors.map(({ instance }) => instance),
    checks: planned.checks.map(({ instance }) => instance),
    channels: planned.channels.map(({ instance }) => instance),
    entities,
  };
}

async function section<Siblings>(
  key: string,
  items: readonly unknown[],
  rules: SectionRules,
  { faulty, ...parts }: Parts & { readonly faulty: NamedEntry[] },
): Promise<CheckedEntry<Siblings>[]> {
  const checked: CheckedEntry<Siblings>[] = [];
  for (const [index, item] of items.entries()) {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) continue;
    const entry = await checkEntry<Siblings>(item as Item, [key, index], { rules, ...parts });
    if (entry) checked.push(entry);
    else faulty.push(...writtenName(item as Item, [key, index]));
  }
  return checked;
}

/** The name of an item with other faults, so that a second one of that name is told of in the same run. */
function writtenName({ name }: Item, path: ConfigPath): NamedEntry[] {
  return typeof name === 'string' && name !== '' ? [{ id: slug(name, ''), name, path }] : [];
}

function named({
  instance,
  path,
}: Planned<{ readonly name: string; readonly displayName?: string }>): NamedEntry {
  return { id: instance.name, name: instance.displayName ?? instance.name, path };
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
