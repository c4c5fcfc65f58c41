import { describe, expect, it } from 'vitest';
import type { Plan } from '../index.js';
import { AlertLab, ANNA, matcher } from '../testing/alert-lab.js';
import { MINUTE, SECOND } from '../testing/engine-lab.js';

/** A step at which the process dies: before or after the n-th change of the storage. */
interface Death {
  readonly number: number;
  readonly when: 'before' | 'after';
}

type Story = (lab: AlertLab) => Promise<void>;

const planOf = (lab: AlertLab): Partial<Plan> => ({
  channels: [
    lab.channel('chat'),
    lab.channel('team', lab.wishes({ groupBy: ['host'], groupWaitMs: 20 * SECOND, groupIntervalMs: MINUTE })),
  ],
});

/** Tells the story to the end; with a death, only so far. The rules do what they do, whoever is there to evaluate them. */
async function tell(story: Story, death?: Death) {
  let steps = 0;
  const lab: AlertLab = new AlertLab({
    step: (when) => {
      if (when === 'before') steps += 1;
      if (death && steps === death.number && when === death.when) lab.kill();
    },
  });
  // What a dead process has promised never comes.
  void lab.begin(planOf(lab)).catch(() => undefined);
  await lab.clock.advance(SECOND);
  await story(lab);
  return { lab, steps };
}

async function deaths(story: Story): Promise<readonly Death[]> {
  const { steps } = await tell(story);
  return Array.from({ length: steps }, (_, index) =>
    (['before', 'after'] as const).map((when) => ({ number: index + 1, when })),
  ).flat();
}

/** Ids of the messages that tell of a beginning or an end of the rule's alert. */
function idsOf(lab: AlertLab, channel: string, kind: string): readonly string[] {
  return [
    ...new Set(
      lab
        .mailbox(channel)
        .arrived.filter((each) => each.kind === kind)
        .map(({ id }) => id),
    ),
  ];
}

async function goOn(dead: AlertLab): Promise<AlertLab> {
  const next = dead.reborn();
  void next.begin(planOf(next));
  await next.clock.advance(SECOND);
  await next.pass(3 * MINUTE);
  return next;
}

describe('a process that is killed at any write', () => {
  it('between a rule and its messages tells each channel once', async () => {
    const story: Story = async (lab) => {
      void lab.fires('A', { host: 'nas' });
      await lab.clock.advance(MINUTE);
    };
    const all = await deaths(story);
    expect(all.length).toBeGreaterThanOrEqual(8);
    for (const death of all) {
      const next = await goOn((await tell(story, death)).lab);
      for (const channel of ['chat', 'team'])
        expect([death, channel, idsOf(next, channel, 'alert.firing').length]).toEqual([death, channel, 1]);
    }
  }, 60_000);

  it('between an end and its messages tells each channel once, and leaves nothing open', async () => {
    const beginning: Story = async (lab) => {
      void lab.fires('A', { host: 'nas' });
      await lab.clock.advance(2 * MINUTE);
    };
    const story: Story = async (lab) => {
      await beginning(lab);
      void lab.ends('A');
      await lab.clock.advance(MINUTE);
    };
    const { steps } = await tell(beginning);
    for (const death of (await deaths(story)).filter(({ number }) => number > steps)) {
      const next = await goOn((await tell(story, death)).lab);
      expect(next.engine.alerts.firing()).toEqual([]);
      for (const channel of ['chat', 'team'])
        expect([death, channel, idsOf(next, channel, 'alert.resolved').length]).toEqual([death, channel, 1]);
    }
  }, 60_000);

  it('while a silence begins and ends tells what it held back, once', async () => {
    const story: Story = async (lab) => {
      const startsAtMs = lab.clock.now();
      const request = {
        ...{ matchers: [matcher('alertname=A')], startsAtMs, endsAtMs: startsAtMs + MINUTE },
        ...{ createdBy: 'Anna', comment: '' },
      };
      void lab.engine.alerts.silence(request, ANNA).catch(() => undefined);
      await lab.clock.advance(SECOND);
      void lab.fires('A', { host: 'nas' });
      await lab.clock.advance(2 * MINUTE);
    };
    for (const death of await deaths(story)) {
      const next = await goOn((await tell(story, death)).lab);
      expect([death, idsOf(next, 'chat', 'alert.firing').length]).toEqual([death, 1]);
      expect(next.engine.alerts.firing()).toMatchObject([{ rule: 'A' }]);
      expect(next.alert().suppression).toBeUndefined();
    }
  }, 60_000);

  it('while an alert is pushed in has it, or its sender knows that it has to send it again', async () => {
    const alert = { labels: { alertname: 'P' }, annotations: {} };
    let isTaken = false;
    const story: Story = async (lab) => {
      isTaken = false;
      void lab.engine.alerts.push('script', [alert]).then(() => {
        isTaken = true;
      });
      await lab.clock.advance(MINUTE);
    };
    for (const death of await deaths(story)) {
      const { lab } = await tell(story, death);
      const wasTaken = isTaken;
      const next = await goOn(lab);
      if (wasTaken) expect([death, idsOf(next, 'chat', 'alert.firing').length]).toEqual([death, 1]);
      expect(idsOf(next, 'chat', 'alert.firing').length).toBeLessThanOrEqual(1);
      await next.pass(6 * MINUTE);
      expect(next.engine.alerts.firing()).toEqual([]);
      expect([death, idsOf(next, 'chat', 'alert.resolved').length]).toEqual([
        death,
        idsOf(next, 'chat', 'alert.firing').length,
      ]);
    }
  }, 60_000);
});
