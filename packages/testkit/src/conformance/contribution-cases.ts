import assert from 'node:assert/strict';
import type { Contribution, ErrorCode, TSchema } from '@labkeeper/core';
import { checkOptions, resolveOptions } from '@labkeeper/core/runtime';
import { type Instance, optionFaults, startInstance } from '../lab/instance.js';
import { createLab } from '../lab/lab.js';
import type { ConformanceCase } from './conformance-case.js';
import { openResources } from './open-resources.js';
import { optionProblems } from './option-schema.js';
import { deepFreeze, leakedSecrets } from './values.js';

/** What an author gives for any contribution. */
export interface ContributionSubject {
  /** Options as they stand in the file. A function, because the address of a local server is known only in the test. */
  readonly options: () => unknown;
  /** Options that must be refused, and with which code. At least one. */
  readonly invalid: readonly { readonly options: unknown; readonly code: ErrorCode }[];
}

/** One run of an instance; what it returns is searched for secrets. */
export type RunOnce = (instance: Instance) => Promise<unknown>;

/** A contribution under test, with the way to run it once. */
export interface RunnableSubject extends ContributionSubject {
  readonly contribution: Contribution<TSchema, unknown>;
  readonly runOnce: RunOnce;
}

/** Names are read in YAML files and URLs. */
const CONTRIBUTION_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** How long after an abort a run may still go on, on a busy machine. */
const ABORT_GRACE_MS = 2_000;

/** Promises that every configured kind makes. */
export const contributionCases: readonly ConformanceCase<RunnableSubject>[] = [
  {
    name: 'has a name for YAML and a summary that is a sentence',
    run({ contribution }) {
      assert.match(contribution.name, CONTRIBUTION_NAME);
      assert.match(
        contribution.summary,
        /^[A-Z].*\.$/,
        'the summary begins with a capital and ends with a full stop',
      );
    },
  },
  {
    name: 'describes every option and refuses unknown ones',
    run({ contribution }) {
      assert.deepEqual(optionProblems(contribution.options), []);
    },
  },
  {
    name: 'accepts its own example options',
    run({ contribution, options }) {
      assert.deepEqual(optionFaults(contribution, options()), []);
    },
  },
  {
    name: 'refuses faulty options with the code that says why',
    run({ contribution, invalid }) {
      assert.ok(invalid.length > 0, 'give at least one example of faulty options');
      for (const { options, code } of invalid) {
        const codes = optionFaults(contribution, options).map((fault) => fault.code);
        assert.ok(
          codes.includes(code),
          `expected ${code} for ${JSON.stringify(options)}, got ${codes.join(', ') || 'no fault'}`,
        );
      }
    },
  },
  {
    name: 'validates without side effects: the same faults twice, input unchanged',
    run({ contribution, options }) {
      const input = deepFreeze(structuredClone(options()));
      const resolved = resolveOptions(contribution.options, input);
      assert.deepEqual(contribution.validate?.(resolved), contribution.validate?.(resolved));
      assert.deepEqual(checkOptions(contribution.options, input), []);
    },
  },
  {
    name: 'keeps two instances apart: one goes on when the other stops',
    async run(subject) {
      const [first, second] = [await start(subject), await start(subject)];
      await subject.runOnce(first);
      await first.stop();
      await subject.runOnce(second);
      await second.stop();
    },
  },
  {
    name: 'leaves no timer and no socket behind',
    async run(subject) {
      const before = await openResources();
      const instance = await start(subject);
      await subject.runOnce(instance);
      await instance.stop();
      assert.deepEqual(await openResources({ waitFor: before }), before);
    },
  },
  {
    name: 'ends soon after its signal aborts',
    async run(subject) {
      const instance = await start(subject);
      const aborted = {
        ...instance,
        run: (timeoutMs?: number) => instance.run(timeoutMs, AbortSignal.abort()),
      };
      await endsWithin(subject.runOnce(aborted), ABORT_GRACE_MS);
      await instance.stop();
    },
  },
  {
    name: 'never lets a secret out, in results or in the log',
    async run(subject) {
      const lab = createLab();
      const instance = await startInstance(subject.contribution, subject.options(), lab);
      const outcome = await subject.runOnce(instance).catch((error: unknown) => error);
      await instance.stop();
      assert.deepEqual(leakedSecrets(instance.context.options, [outcome, lab.log.lines]), []);
    },
  },
];

function start(subject: RunnableSubject): Promise<Instance> {
  return startInstance(subject.contribution, subject.options());
}

/** Settles when the work does; rejects when that takes too long. How it ends does not matter. */
async function endsWithin(work: Promise<unknown>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new assert.AssertionError({ message: `still running ${limitMs} ms after the abort` })),
      limitMs,
    );
  });
  try {
    await Promise.race([work.catch(() => undefined), limit]);
  } finally {
    clearTimeout(timer);
  }
}
