import assert from 'node:assert/strict';
import { type Collector, isEntityId, isLabelName, type Observations } from '@labkeeper/core';
import { resolveOptions } from '@labkeeper/core/runtime';
import { startInstance } from '../lab/instance.js';
import { type ConformanceCase, type Deviation, registerCases } from './conformance-case.js';
import { type ContributionSubject, contributionCases } from './contribution-cases.js';
import { assertMetricDescriptions, assertSamples } from './samples.js';
import { assertSchedule } from './schedule.js';

/** A collector under test. `options` point at something that answers. */
export interface CollectorSubject extends ContributionSubject {
  readonly collector: Collector;
}

/** Promises of collectors alone. */
const collectorCases: readonly ConformanceCase<CollectorSubject>[] = [
  {
    name: 'declares its metrics and a schedule that can be kept',
    run({ collector }) {
      assert.ok(collector.metrics.length > 0, 'a collector has metrics');
      assertMetricDescriptions(collector.metrics);
      assertSchedule(collector.schedule);
    },
  },
  {
    name: 'names an entity, by its target or by what it saw',
    async run(subject) {
      const { collector, options } = subject;
      const target = collector.target?.(resolveOptions(collector.options, options()));
      const entity = target?.entity ?? (await collectOnce(subject)).entity;
      assert.ok(entity !== undefined && isEntityId(entity), `'${entity ?? ''}' is an entity id`);
    },
  },
  {
    name: 'reports samples that are declared and well formed',
    async run(subject) {
      const { samples } = await collectOnce(subject);
      assert.ok(samples.length > 0, 'a collection has samples');
      const { metrics, otherMetrics = 'none' } = subject.collector;
      assertSamples(samples, metrics, otherMetrics);
    },
  },
  {
    name: 'reports entities that are well formed',
    async run(subject) {
      for (const entity of (await collectOnce(subject)).entities ?? []) {
        assert.ok(isEntityId(entity.id), `'${entity.id}' is an entity id`);
        for (const parent of [entity.parent, ...(entity.dependsOn ?? [])]) {
          assert.ok(parent === undefined || isEntityId(parent), `'${parent ?? ''}' is an entity id`);
        }
        for (const label of Object.keys(entity.labels ?? {}))
          assert.ok(isLabelName(label), `'${label}' is a label name`);
      }
    },
  },
];

/** Shared and own promises together. */
export const allCollectorCases: readonly ConformanceCase<CollectorSubject>[] = [
  ...contributionCases.map(({ name, run }) => ({
    name,
    run: (subject: CollectorSubject) =>
      run({
        ...subject,
        contribution: subject.collector,
        runOnce: (instance) => subject.collector.collect(instance.run()),
      }),
  })),
  ...collectorCases,
];

/** Registers the whole suite for a collector. Call it at the top of a test file. */
export function conformCollector(
  subject: CollectorSubject & { readonly deviations?: readonly Deviation[] },
): void {
  const { collector, deviations = [] } = subject;
  registerCases({
    name: `collector ${collector.name} conforms`,
    cases: allCollectorCases,
    subject,
    deviations,
  });
}

async function collectOnce({ collector, options }: CollectorSubject): Promise<Observations> {
  const instance = await startInstance(collector, options());
  try {
    return await collector.collect(instance.run());
  } finally {
    await instance.stop();
  }
}
