import assert from 'node:assert/strict';
import { type Check, isEntityId, VERDICT_STATUSES, type Verdict } from '@labkeeper/core';
import { resolveOptions } from '@labkeeper/core/runtime';
import { startInstance } from '../lab/instance.js';
import { type ConformanceCase, type Deviation, registerCases } from './conformance-case.js';
import { type ContributionSubject, contributionCases } from './contribution-cases.js';
import { assertMetricDescriptions, assertSamples } from './samples.js';
import { assertSchedule } from './schedule.js';

/** A check under test. `options` point at something that is up. */
export interface CheckSubject extends ContributionSubject {
  readonly check: Check;
}

/** A message is one line in lists and chats. */
const MAX_MESSAGE_LENGTH = 300;

/** Promises of checks alone. */
const checkCases: readonly ConformanceCase<CheckSubject>[] = [
  {
    name: 'declares its metrics and a schedule that can be kept',
    run({ check }) {
      assertMetricDescriptions(check.metrics);
      assertSchedule(check.schedule);
    },
  },
  {
    name: 'names its target without running',
    run({ check, options }) {
      const target = check.target(resolveOptions(check.options, options()));
      assert.ok(isEntityId(target.entity), `'${target.entity}' is an entity id`);
    },
  },
  {
    name: 'gives a verdict with one plain sentence and declared samples',
    async run(subject) {
      const verdict = await runOnce(subject);
      assert.ok(VERDICT_STATUSES.includes(verdict.status), `'${verdict.status}' is a status`);
      assert.ok(verdict.message.trim() !== '', 'the message is not empty');
      assert.ok(!/[\r\n]/.test(verdict.message), 'the message is one line');
      assert.ok(
        verdict.message.length <= MAX_MESSAGE_LENGTH,
        `the message has at most ${MAX_MESSAGE_LENGTH} characters`,
      );
      assertSamples(verdict.samples ?? [], subject.check.metrics);
    },
  },
  {
    name: 'says that a good target is up, and how long it took',
    async run(subject) {
      const verdict = await runOnce(subject);
      assert.equal(verdict.status, 'up', verdict.message);
      assert.ok(
        verdict.latencyMs !== undefined && verdict.latencyMs >= 0 && Number.isFinite(verdict.latencyMs),
      );
    },
  },
];

/** Registers the whole suite for a check. Call it at the top of a test file. */
export function conformCheck(subject: CheckSubject & { readonly deviations?: readonly Deviation[] }): void {
  const { check, deviations = [] } = subject;
  registerCases({
    name: `check ${check.name} conforms`,
    cases: allCheckCases,
    subject,
    deviations,
  });
}

/** Shared and own promises together. */
export const allCheckCases: readonly ConformanceCase<CheckSubject>[] = [
  ...contributionCases.map(({ name, run }) => ({
    name,
    run: (subject: CheckSubject) =>
      run({
        ...subject,
        contribution: subject.check,
        runOnce: (instance) => subject.check.check(instance.run()),
      }),
  })),
  ...checkCases,
];

async function runOnce({ check, options }: CheckSubject): Promise<Verdict> {
  const instance = await startInstance(check, options());
  try {
    return await check.check(instance.run());
  } finally {
    await instance.stop();
  }
}
