import assert from 'node:assert/strict';
import type { ActionRequest, ActionResult, EntityId, ErrorCode, Remediator } from '@labkeeper/core';
import { checkOptions, resolveOptions } from '@labkeeper/core/runtime';
import { type Instance, startInstance } from '../lab/instance.js';
import { type ConformanceCase, type Deviation, registerCases } from './conformance-case.js';
import { type ContributionSubject, contributionCases } from './contribution-cases.js';
import { optionProblems } from './option-schema.js';
import { deepFreeze } from './values.js';

/** One action with a target on which it really works. */
export interface ActionExample {
  readonly action: string;
  readonly entity: EntityId;
  readonly parameters: unknown;
  /** Parameters that must be refused: injection attempts, wrong types. */
  readonly invalid: readonly { readonly parameters: unknown; readonly code: ErrorCode }[];
  /** The state of the target that the action changes, as JSON; compared before, after and after a rollback. */
  readonly observe: () => Promise<unknown>;
}

/** A remediator under test. Every action needs an example. */
export interface RemediatorSubject extends ContributionSubject {
  readonly remediator: Remediator;
  readonly examples: readonly ActionExample[];
}

/** Names stand in YAML, URLs and chat. */
const ACTION_NAME = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;

/** Promises of remediators alone. */
const remediatorCases: readonly ConformanceCase<RemediatorSubject>[] = [
  {
    name: 'describes every action and its parameters',
    run({ remediator }) {
      assert.ok(Object.keys(remediator.actions).length > 0, 'a remediator has actions');
      for (const [name, action] of Object.entries(remediator.actions)) {
        assert.match(name, ACTION_NAME);
        assert.match(action.summary, /^[A-Z].*\.$/, `the summary of ${name} is a sentence`);
        assert.deepEqual(optionProblems(action.parameters), [], name);
      }
    },
  },
  {
    name: 'can undo what it calls reversible',
    run({ remediator }) {
      for (const [name, action] of Object.entries(remediator.actions)) {
        assert.equal(
          action.reversible === 'yes',
          action.rollback !== undefined,
          `${name}: reversible means a rollback`,
        );
      }
    },
  },
  {
    name: 'has an example for every action',
    run({ remediator, examples }) {
      const shown = new Set(examples.map((example) => example.action));
      assert.deepEqual(
        Object.keys(remediator.actions).filter((name) => !shown.has(name)),
        [],
      );
    },
  },
  {
    name: 'refuses faulty parameters with the code that says why',
    run({ remediator, examples }) {
      for (const { action, invalid } of examples) {
        for (const { parameters, code } of invalid) {
          const codes = checkOptions(actionOf(remediator, action).parameters, parameters).map(
            (fault) => fault.code,
          );
          assert.ok(codes.includes(code), `${action}: expected ${code} for ${JSON.stringify(parameters)}`);
        }
      }
    },
  },
  {
    name: 'says beforehand what it would do, without doing it',
    async run({ remediator, examples }) {
      for (const example of examples) {
        const before = await example.observe();
        const text = actionOf(remediator, example.action).describe(requestOf(remediator, example));
        assert.match(text, /^[A-Z].*\.$/, `the description of ${example.action} is a sentence`);
        assert.deepEqual(await example.observe(), before, `describing ${example.action} changes nothing`);
      }
    },
  },
  {
    name: 'puts back what it changed',
    async run(subject) {
      for (const example of subject.examples) {
        if (actionOf(subject.remediator, example.action).rollback) await assertRollback(subject, example);
      }
    },
  },
];

/** Shared and own promises together. One run is one execution of the first example. */
export const allRemediatorCases: readonly ConformanceCase<RemediatorSubject>[] = [
  ...contributionCases.map(({ name, run }) => ({
    name,
    run: (subject: RemediatorSubject) =>
      run({
        ...subject,
        contribution: subject.remediator,
        runOnce: (instance) => {
          const [example] = subject.examples;
          assert.ok(example, 'give at least one example');
          return executeAndUndo(subject, example, instance);
        },
      }),
  })),
  ...remediatorCases,
];

/** Registers the whole suite for a remediator. Call it at the top of a test file. */
export function conformRemediator(
  subject: RemediatorSubject & { readonly deviations?: readonly Deviation[] },
): void {
  const { remediator, deviations = [] } = subject;
  registerCases({
    name: `remediator ${remediator.name} conforms`,
    cases: allRemediatorCases,
    subject,
    deviations,
  });
}

function actionOf(remediator: Remediator, name: string) {
  const action = remediator.actions[name];
  assert.ok(action, `${remediator.name} has an action '${name}'`);
  return action;
}

function requestOf(
  remediator: Remediator,
  { action, entity, parameters }: ActionExample,
): ActionRequest<never> {
  const resolved = resolveOptions(actionOf(remediator, action).parameters, parameters) as never;
  return deepFreeze({ id: 'action-1', entity, parameters: resolved });
}

/** The state of the target as the action left it, and the results of both halves. */
interface Undone {
  readonly changed: unknown;
  readonly executed: ActionResult;
  readonly undone: ActionResult | undefined;
}

/** Executes an action and puts its change back, so that every case finds the target as the one before did. */
async function executeAndUndo(
  subject: RemediatorSubject,
  example: ActionExample,
  instance: Instance,
): Promise<Undone> {
  const action = actionOf(subject.remediator, example.action);
  const request = requestOf(subject.remediator, example);
  // The snapshot waits in the database until it is needed, so it must survive JSON.
  const snapshot: unknown = JSON.parse(
    JSON.stringify((await action.snapshot?.(request, instance.run())) ?? null),
  );
  const executed = await action.execute(request, instance.run());
  const changed = await example.observe();
  return { changed, executed, undone: await action.rollback?.(request, snapshot, instance.run()) };
}

async function assertRollback(subject: RemediatorSubject, example: ActionExample): Promise<void> {
  const instance = await startInstance(subject.remediator, subject.options());
  try {
    const before = await example.observe();
    const { changed, undone } = await executeAndUndo(subject, example, instance);
    assert.notDeepEqual(
      changed,
      before,
      `the example of ${example.action} changes something, or a rollback shows nothing`,
    );
    assert.equal(undone?.success, true, `the rollback of ${example.action} succeeds`);
    assert.deepEqual(
      await example.observe(),
      before,
      `the rollback of ${example.action} restores the target`,
    );
  } finally {
    await instance.stop();
  }
}
