import assert from 'node:assert/strict';
import {
  DropFailure,
  LabkeeperError,
  NOTIFICATION_KINDS,
  type Notification,
  type Notifier,
  RetryFailure,
  SEVERITIES,
} from '@labkeeper/core';
import { sampleNotification, startInstance } from '../lab/instance.js';
import { type ConformanceCase, type Deviation, registerCases } from './conformance-case.js';
import { type ContributionSubject, contributionCases } from './contribution-cases.js';

/** A notifier under test. `options` point at a channel that accepts. */
export interface NotifierSubject extends ContributionSubject {
  readonly notifier: Notifier;
  /** How many messages the channel has accepted so far. */
  readonly accepted: () => number;
  /** Options of a channel that refuses for good (revoked, unknown …). */
  readonly refusing: () => unknown;
  /** Options of a channel that cannot take it now (busy, down …). */
  readonly busy: () => unknown;
}

/** A text longer than any channel takes. */
const ENDLESS_TEXT = 'the disk is full; '.repeat(20_000);

/** Promises of notifiers alone. */
const notifierCases: readonly ConformanceCase<NotifierSubject>[] = [
  {
    name: 'states limits that can be kept',
    run({ notifier: { limits } }) {
      assert.ok(limits.textLength >= 50, 'a text of 50 characters fits');
      assert.ok(limits.messagesPerSecond > 0, 'something can be sent');
    },
  },
  {
    name: 'delivers every kind of message of every severity',
    async run(subject) {
      for (const kind of NOTIFICATION_KINDS) {
        for (const severity of SEVERITIES)
          await assertDelivered(subject, sampleNotification({ kind, severity }));
      }
    },
  },
  {
    name: 'delivers a message with nothing but its title',
    async run(subject) {
      await assertDelivered(subject, sampleNotification({ text: '', fields: [], buttons: [] }));
    },
  },
  {
    name: 'delivers texts beyond every limit, cut, and texts full of markup',
    async run(subject) {
      await assertDelivered(subject, sampleNotification({ title: ENDLESS_TEXT, text: ENDLESS_TEXT }));
      await assertDelivered(
        subject,
        sampleNotification({ title: '<b>*_`~&<@here>|[x](y)', text: '</b>&amp;\u0000<!channel>' }),
      );
    },
  },
  {
    name: 'drops for good what the channel refuses for good',
    async run({ notifier, refusing }) {
      const error = await failureOf(notifier, refusing());
      assert.ok(error instanceof DropFailure, `a DropFailure, not ${String(error)}`);
    },
  },
  {
    name: 'asks for a retry when the channel cannot take it now',
    async run({ notifier, busy }) {
      const error = await failureOf(notifier, busy());
      assert.ok(error instanceof RetryFailure, `a RetryFailure, not ${String(error)}`);
      assert.ok(error instanceof LabkeeperError && error.message !== '');
    },
  },
];

/** Shared and own promises together. */
export const allNotifierCases: readonly ConformanceCase<NotifierSubject>[] = [
  ...contributionCases.map(({ name, run }) => ({
    name,
    run: (subject: NotifierSubject) =>
      run({
        ...subject,
        contribution: subject.notifier,
        runOnce: (instance) => subject.notifier.notify(sampleNotification(), instance.run()),
      }),
  })),
  ...notifierCases,
];

/** Registers the whole suite for a notifier. Call it at the top of a test file. */
export function conformNotifier(
  subject: NotifierSubject & { readonly deviations?: readonly Deviation[] },
): void {
  const { notifier, deviations = [] } = subject;
  registerCases({ name: `notifier ${notifier.name} conforms`, cases: allNotifierCases, subject, deviations });
}

async function assertDelivered(
  { notifier, options, accepted }: NotifierSubject,
  message: Notification,
): Promise<void> {
  const before = accepted();
  const instance = await startInstance(notifier, options());
  try {
    await notifier.notify(message, instance.run());
  } finally {
    await instance.stop();
  }
  assert.equal(accepted(), before + 1, `one ${message.kind} message of severity ${message.severity} arrived`);
}

async function failureOf(notifier: Notifier, options: unknown): Promise<unknown> {
  const instance = await startInstance(notifier, options);
  try {
    await notifier.notify(sampleNotification(), instance.run());
  } catch (error) {
    return error;
  } finally {
    await instance.stop();
  }
  return undefined;
}
