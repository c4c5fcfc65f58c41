import {
  type Check,
  type Collector,
  DropFailure,
  defineCheck,
  defineCollector,
  defineNotifier,
  type Notifier,
  optionsObject,
  RetryFailure,
  secretOption,
  Type,
} from '@labkeeper/core';
import { describe, expect, it } from 'vitest';
import { allCheckCases, type CheckSubject, conformCheck } from './conform-check.js';
import { allCollectorCases, type CollectorSubject, conformCollector } from './conform-collector.js';
import { allNotifierCases, conformNotifier, type NotifierSubject } from './conform-notifier.js';
import { failedCases } from './failed-cases.js';

// The suites are tested from both sides: sound implementations pass, and each broken one is caught by the case that
// promises what it breaks.

const options = optionsObject({
  host: Type.String({ description: 'Whom to ask.', minLength: 1 }),
  token: Type.Optional(secretOption({ description: 'How to be let in.' })),
});
const invalid = [{ options: {}, code: 'CONFIG_MISSING_KEY' }] as const;
const goodOptions = () => ({ host: 'nas', token: 'sesame-open' });

const soundCheck = defineCheck({
  name: 'sound',
  summary: 'A check that keeps its promises.',
  options,
  metrics: [{ name: 'sound_level', type: 'gauge', help: 'A level.', labels: ['place'] }],
  schedule: { every: '30s', timeout: '10s' },
  target: ({ host }) => ({ entity: `server:${host}` }),
  check: async () => ({
    status: 'up',
    message: 'all is well',
    latencyMs: 1,
    samples: [{ name: 'sound_level', labels: { place: 'here' }, value: 1 }],
  }),
});
const checkSubject = (check: Check): CheckSubject => ({ check, options: goodOptions, invalid });

conformCheck(checkSubject(soundCheck));

describe('the check suite catches', () => {
  const broken: [string, Partial<Check>, string][] = [
    [
      'a summary that is no sentence',
      { summary: 'checks' },
      'has a name for YAML and a summary that is a sentence',
    ],
    [
      'a name that YAML readers would stumble over',
      { name: 'Sound Check' },
      'has a name for YAML and a summary that is a sentence',
    ],
    [
      'an option without a description',
      { options: Type.Object({ host: Type.String() }, { additionalProperties: false }) },
      'describes every option and refuses unknown ones',
    ],
    [
      'options that accept misspelt keys',
      { options: Type.Object({ host: Type.String({ description: 'Whom.' }) }) },
      'describes every option and refuses unknown ones',
    ],
    [
      'a validate that changes its input',
      {
        validate: (given) => {
          Object.assign(given as object, { host: 'other' });
          return [];
        },
      },
      'validates without side effects: the same faults twice, input unchanged',
    ],
    [
      'an interval shorter than the timeout',
      { schedule: { every: '5s', timeout: '10s' } },
      'declares its metrics and a schedule that can be kept',
    ],
    [
      'a counter without _total',
      { metrics: [{ name: 'sound_level', type: 'counter', help: 'A level.', labels: ['place'] }] },
      'declares its metrics and a schedule that can be kept',
    ],
    [
      'a target that is no entity',
      { target: () => ({ entity: 'nas' as `${string}:${string}` }) },
      'names its target without running',
    ],
    [
      'an undeclared metric',
      {
        check: async () => ({
          status: 'up',
          message: 'well',
          latencyMs: 1,
          samples: [{ name: 'surprise', value: 1 }],
        }),
      },
      'gives a verdict with one plain sentence and declared samples',
    ],
    [
      'a message of two lines',
      { check: async () => ({ status: 'up', message: 'well\nvery well', latencyMs: 1 }) },
      'gives a verdict with one plain sentence and declared samples',
    ],
    [
      'a verdict without a latency',
      { check: async () => ({ status: 'up', message: 'well' }) },
      'says that a good target is up, and how long it took',
    ],
    [
      'a secret in the message',
      {
        check: async (context) => ({
          status: 'up',
          message: `let in with ${(context.options as { token: { reveal(): string } }).token.reveal()}`,
          latencyMs: 1,
        }),
      },
      'never lets a secret out, in results or in the log',
    ],
    [
      'a secret in the log',
      {
        check: async (context) => {
          context.log.info('hello', {
            token: (context.options as { token: { reveal(): string } }).token.reveal(),
          });
          return { status: 'up', message: 'well', latencyMs: 1 };
        },
      },
      'never lets a secret out, in results or in the log',
    ],
    [
      'a check that ignores its signal',
      { check: hangUnlessRunNormally() },
      'ends soon after its signal aborts',
    ],
    ['a timer that is left running', leakingTimer(), 'leaves no timer and no socket behind'],
    [
      'state shared between instances',
      sharedState(),
      'keeps two instances apart: one goes on when the other stops',
    ],
  ];

  it.each(broken)('%s', async (_, change, expected) => {
    expect(await failedCases(allCheckCases, checkSubject({ ...soundCheck, ...change }))).toContain(expected);
  });

  it('faulty options that are accepted', async () => {
    const subject = {
      ...checkSubject(soundCheck),
      invalid: [{ options: goodOptions(), code: 'CONFIG_MISSING_KEY' as const }],
    };
    expect(await failedCases(allCheckCases, subject)).toEqual([
      'refuses faulty options with the code that says why',
    ]);
  });
});

function hangUnlessRunNormally(): Check['check'] {
  return async ({ signal }) => {
    if (signal.aborted) await new Promise(() => undefined);
    return { status: 'up', message: 'well', latencyMs: 1 };
  };
}

function leakingTimer(): Partial<Check> {
  return {
    check: async () => {
      // Long enough to be seen, and unreferenced so that the test process can end.
      setTimeout(() => undefined, 60_000);
      return { status: 'up', message: 'well', latencyMs: 1 };
    },
  };
}

function sharedState(): Partial<Check> {
  let connection: 'open' | 'closed' = 'closed';
  return {
    start: () => {
      connection = 'open';
    },
    stop: () => {
      connection = 'closed';
    },
    check: async () => {
      if (connection === 'closed') throw new Error('the connection is closed');
      return { status: 'up', message: 'well', latencyMs: 1 };
    },
  };
}

const soundCollector = defineCollector({
  name: 'sound',
  summary: 'A collector that keeps its promises.',
  options,
  metrics: [{ name: 'sound_events_total', type: 'counter', help: 'Events so far.', labels: ['kind'] }],
  schedule: { every: '30s', timeout: '10s' },
  target: ({ host }) => ({ entity: `server:${host}` }),
  collect: async () => ({ samples: [{ name: 'sound_events_total', labels: { kind: 'loud' }, value: 3 }] }),
});
const collectorSubject = (collector: Collector): CollectorSubject => ({
  collector,
  options: goodOptions,
  invalid,
});

conformCollector(collectorSubject(soundCollector));
conformCollector(
  collectorSubject({
    ...soundCollector,
    otherMetrics: 'any',
    collect: async () => ({
      samples: [{ name: 'of_somebody_else', labels: { job: 'elsewhere', mood: 'bad' }, value: 3 }],
    }),
  }),
);

describe('the collector suite catches', () => {
  const sample = { name: 'sound_events_total', labels: { kind: 'loud' }, value: 3 };
  const wellFormed = 'reports samples that are declared and well formed';
  const broken: [string, Partial<Collector>, string][] = [
    ['a collection without samples', { collect: async () => ({ samples: [] }) }, wellFormed],
    ['a series that stands twice', { collect: async () => ({ samples: [sample, sample] }) }, wellFormed],
    [
      'an undeclared label',
      { collect: async () => ({ samples: [{ ...sample, labels: { mood: 'bad' } }] }) },
      wellFormed,
    ],
    [
      'a time that is no whole number',
      { collect: async () => ({ samples: [{ ...sample, timeMs: 1.5 }] }) },
      wellFormed,
    ],
    [
      'an undeclared metric',
      { collect: async () => ({ samples: [{ ...sample, name: 'of_somebody_else' }] }) },
      wellFormed,
    ],
    [
      'a malformed label of a metric of others',
      {
        otherMetrics: 'any',
        collect: async () => ({ samples: [{ name: 'of_somebody_else', labels: { 'a.b': 'c' }, value: 3 }] }),
      },
      wellFormed,
    ],
    ['no entity at all', { target: undefined }, 'names an entity, by its target or by what it saw'],
    [
      'an observed entity with a malformed id',
      { collect: async () => ({ samples: [sample], entities: [{ id: 'Disk 1' as `${string}:${string}` }] }) },
      'reports entities that are well formed',
    ],
  ];

  it.each(broken)('%s', async (_, change, expected) => {
    expect(
      await failedCases(allCollectorCases, collectorSubject({ ...soundCollector, ...change })),
    ).toContain(expected);
  });
});

/** A channel in memory whose options choose how it behaves. */
function soundNotifier(inbox: string[]): Notifier {
  return defineNotifier({
    name: 'sound',
    summary: 'A notifier that keeps its promises.',
    options,
    limits: { textLength: 100, messagesPerSecond: 1, buttons: 'hidden' },
    notify: async (message, { options: { host } }) => {
      if (host === 'gone') throw new DropFailure('REQUEST_REFUSED', 'there is no such channel');
      if (host === 'busy') throw new RetryFailure('RATE_LIMITED', 'try again later', { retryAfterMs: 1_000 });
      inbox.push(message.id);
    },
  });
}

function notifierSubject(
  change: (notifier: Notifier, inbox: string[]) => Partial<Notifier> = () => ({}),
): NotifierSubject {
  const inbox: string[] = [];
  const sound = soundNotifier(inbox);
  return {
    notifier: { ...sound, ...change(sound, inbox) },
    options: goodOptions,
    invalid,
    accepted: () => inbox.length,
    refusing: () => ({ host: 'gone' }),
    busy: () => ({ host: 'busy' }),
  };
}

conformNotifier(notifierSubject());

describe('the notifier suite catches', () => {
  it('messages that vanish', async () => {
    const subject = notifierSubject(() => ({ notify: async () => undefined }));
    expect(await failedCases(allNotifierCases, subject)).toEqual(
      expect.arrayContaining([
        'delivers every kind of message of every severity',
        'drops for good what the channel refuses for good',
        'asks for a retry when the channel cannot take it now',
      ]),
    );
  });

  it('messages that are sent twice', async () => {
    const subject = notifierSubject((_, inbox) => ({
      notify: async ({ id }) => {
        inbox.push(id, id);
      },
    }));
    expect(await failedCases(allNotifierCases, subject)).toContain(
      'delivers every kind of message of every severity',
    );
  });

  it('a refusal that would be tried for ever', async () => {
    const subject = notifierSubject((sound) => ({
      notify: async (message, context) => {
        try {
          await sound.notify(message, context);
        } catch {
          throw new RetryFailure('CONNECTION_FAILED', 'something went wrong');
        }
      },
    }));
    expect(await failedCases(allNotifierCases, subject)).toEqual([
      'drops for good what the channel refuses for good',
    ]);
  });

  it('a long text that is an error instead of being cut', async () => {
    const subject = notifierSubject((sound) => ({
      notify: async (message, context) => {
        if (message.text.length > 1_000) throw new DropFailure('PAYLOAD_TOO_LARGE', 'too long');
        await sound.notify(message, context);
      },
    }));
    expect(await failedCases(allNotifierCases, subject)).toEqual([
      'delivers texts beyond every limit, cut, and texts full of markup',
    ]);
  });
});
