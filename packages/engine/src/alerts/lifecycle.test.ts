import type { Notification } from '@labkeeper/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AlertLab, ANNA, matcher } from '../testing/alert-lab.js';
import { MINUTE, SECOND } from '../testing/engine-lab.js';

const NAMES = ['A', 'B', 'C'] as const;
type Name = (typeof NAMES)[number];

/** One thing that happens. */
type Deed =
  | {
      readonly kind: 'fires' | 'ends' | 'silenced' | 'acknowledged' | 'unacknowledged' | 'closed';
      readonly name: Name;
    }
  | { readonly kind: 'silences end' | 'restart' }
  | { readonly kind: 'time passes'; readonly seconds: number };

const name = fc.constantFrom(...NAMES);
const aboutOne = fc.record({
  kind: fc.constantFrom('fires', 'fires', 'ends', 'silenced', 'acknowledged', 'unacknowledged', 'closed'),
  name,
}) as fc.Arbitrary<Deed>;
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: aboutOne },
  { weight: 1, arbitrary: fc.constantFrom<Deed>({ kind: 'silences end' }, { kind: 'restart' }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('time passes' as const),
      seconds: fc.constantFrom(1, 20, 120, 400),
    }),
  },
);

/** What one reader knows, from the messages alone. */
function readerOf(messages: readonly Notification[], { mayRepeat }: { readonly mayRepeat: boolean }) {
  const knows = new Map<string, 'firing' | 'resolved'>();
  const wrong: string[] = [];
  const seen = new Set<string>();
  for (const message of messages) {
    if (message.kind === 'alert.acknowledged' || seen.has(message.id)) continue;
    seen.add(message.id);
    const single = {
      alertId: message.alertId ?? '',
      state: message.kind === 'alert.firing' ? 'firing' : 'resolved',
    };
    for (const { alertId, state } of message.alerts ?? [single]) {
      const before = knows.get(alertId);
      if (state === 'firing' && before === 'firing' && !mayRepeat) wrong.push(`${alertId} begins twice`);
      if (state === 'resolved' && before !== 'firing') wrong.push(`${alertId} ends without a beginning`);
      knows.set(alertId, state as 'firing' | 'resolved');
    }
  }
  return { knows, wrong };
}

async function happens(lab: AlertLab, what: Deed): Promise<AlertLab> {
  const { alerts } = lab.engine;
  const settle = async (work: Promise<unknown> | undefined) => {
    const ended = Promise.resolve(work).catch(() => undefined);
    await lab.clock.advance(1);
    await ended;
  };
  const idOf = (name: Name) => lab.firing(name)?.id ?? 'none';
  switch (what.kind) {
    case 'fires':
      await lab.fires(what.name);
      break;
    case 'ends':
      await lab.ends(what.name);
      break;
    case 'silenced': {
      const startsAtMs = lab.clock.now();
      const matchers = [matcher(`alertname=${what.name}`)];
      const endsAtMs = startsAtMs + 8 * MINUTE;
      await settle(alerts.silence({ matchers, startsAtMs, endsAtMs, createdBy: 'Anna', comment: '' }, ANNA));
      break;
    }
    case 'silences end':
      for (const { id } of alerts.silences()) await settle(alerts.expireSilence(id, ANNA));
      break;
    case 'acknowledged':
      await settle(alerts.acknowledge(idOf(what.name), { by: ANNA, reason: '' }));
      break;
    case 'unacknowledged':
      await settle(alerts.unacknowledge(idOf(what.name), { by: ANNA, reason: '' }));
      break;
    case 'closed':
      await settle(alerts.resolve(idOf(what.name), { by: ANNA, reason: '' }));
      break;
    case 'time passes':
      await lab.clock.advance(what.seconds * SECOND);
      await lab.evaluate();
      break;
    case 'restart': {
      const next = lab.reborn();
      await next.begin(lab.plan);
      return next;
    }
  }
  return lab;
}

async function live(deeds: readonly Deed[]): Promise<AlertLab> {
  let lab = new AlertLab();
  await lab.begin({
    channels: [
      lab.channel('chat'),
      lab.channel('team', lab.wishes({ groupBy: [], groupWaitMs: 10 * SECOND, groupIntervalMs: MINUTE })),
      lab.channel('slow', lab.wishes({ messagesPerMinute: 1 })),
    ],
  });
  for (const each of deeds) lab = await happens(lab, each);
  return lab;
}

describe('whatever happens to alerts', () => {
  it('nobody is told twice, everybody who was told hears of the end, and nothing is left hanging', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { maxLength: 16 }), async (deeds) => {
        const lab = await live(deeds);
        // Nothing holds anything back any more.
        await happens(lab, { kind: 'silences end' });
        await lab.pass(12 * MINUTE);
        const readers = [
          ['chat', false],
          ['team', true],
          ['slow', false],
        ] as const;
        for (const [channel, mayRepeat] of readers) {
          const { knows } = readerOf(lab.mailbox(channel).arrived, { mayRepeat });
          for (const alert of lab.engine.alerts.firing())
            if (!alert.acknowledgement)
              expect([channel, alert.rule, knows.get(alert.id)]).toEqual([channel, alert.rule, 'firing']);
        }
        lab.rules.clear();
        await lab.pass(6 * MINUTE);
        expect(lab.engine.alerts.firing()).toEqual([]);
        for (const [channel, mayRepeat] of readers) {
          const { knows, wrong } = readerOf(lab.mailbox(channel).arrived, { mayRepeat });
          expect([channel, wrong]).toEqual([channel, []]);
          expect([channel, [...knows.values()].filter((state) => state === 'firing')]).toEqual([channel, []]);
        }
      }),
      { numRuns: 40, interruptAfterTimeLimit: 60_000 },
    );
  }, 120_000);

  it('every alert has a trail that begins with its beginning and tells of its end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { maxLength: 12 }), async (deeds) => {
        const lab = await live(deeds);
        lab.rules.clear();
        await lab.pass(2 * MINUTE);
        for (const { id } of (await lab.engine.alerts.list()).items) {
          const rows = await lab.engine.alerts.why(id);
          const kinds = rows.map(({ kind }) => kind).filter((kind) => kind !== 'alert.pending');
          expect(kinds[0]).toBe('alert.firing');
          expect(kinds).toContain('alert.resolved');
          for (const { reason } of rows) expect(reason).not.toBe('');
        }
      }),
      { numRuns: 15, interruptAfterTimeLimit: 30_000 },
    );
  }, 60_000);
});
