import { RetryFailure } from '@labkeeper/core';
import { describe, expect, it } from 'vitest';
import { EngineLab, MINUTE, SECOND } from '../testing/engine-lab.js';

/** A step at which the process dies: before or after the n-th change of the storage. */
interface Death {
  readonly number: number;
  readonly when: 'before' | 'after';
}

/** Runs the story; the first process dies at that step, if there are so many. */
async function tell(death: Death | undefined, story: (lab: EngineLab) => Promise<void>) {
  let steps = 0;
  const lab: EngineLab = new EngineLab({
    step: (when) => {
      if (when === 'before') steps += 1;
      if (death && steps === death.number && when === death.when) lab.kill();
    },
  });
  // What a dead process has promised never comes.
  void Promise.resolve()
    .then(() => story(lab))
    .catch(() => undefined);
  await lab.clock.advance(10 * MINUTE);
  return { lab, steps };
}

async function fallOnly(lab: EngineLab) {
  lab.puppet('web').is('down', 'refused');
  await lab.run({ checks: [lab.check('web')], channels: [lab.channel('slack')] });
}

async function goOn(dead: EngineLab, minutes: number): Promise<EngineLab> {
  const next = dead.reborn();
  await next.run({ checks: [next.check('web')], channels: [next.channel('slack')] });
  await next.clock.advance(minutes * MINUTE);
  return next;
}

/** Every step of a story at which a process can die. */
async function deaths(story: (lab: EngineLab) => Promise<void>): Promise<readonly Death[]> {
  const { steps } = await tell(undefined, story);
  return Array.from({ length: steps }, (_, index) =>
    (['before', 'after'] as const).map((when) => ({ number: index + 1, when })),
  ).flat();
}

describe('a process that is killed at any step', () => {
  it('between the result and the delivery loses no message, and repeats at most one, with the same id', async () => {
    const all = await deaths(fallOnly);
    expect(all.length).toBeGreaterThan(6);
    for (const death of all) {
      const { lab } = await tell(death, fallOnly);
      const next = await goOn(lab, 10);
      const firing = next.mailbox('slack').arrived.filter(({ kind }) => kind === 'alert.firing');
      expect([death, new Set(firing.map(({ id }) => id)).size]).toEqual([death, 1]);
      expect(firing.length).toBeLessThanOrEqual(2);
      expect((await next.engine.alerts.list()).total).toBe(1);
    }
  });

  it('between the recovery and its delivery leaves no alert open and tells of the end', async () => {
    const story = async (lab: EngineLab) => {
      await fallOnly(lab);
      await lab.clock.advance(MINUTE);
      lab.puppet('web').is('up');
    };
    const before = (await tell(undefined, fallOnly)).steps;
    for (const death of (await deaths(story)).filter(({ number }) => number > before)) {
      const { lab } = await tell(death, story);
      const next = await goOn(lab, 10);
      expect(next.engine.alerts.firing()).toEqual([]);
      const ids = next.mailbox('slack').arrived.map(({ id, kind }) => `${kind} ${id}`);
      expect([death, new Set(ids).size, new Set(ids.map((id) => id.split(' ')[0]))]).toEqual([
        death,
        2,
        new Set(['alert.firing', 'alert.resolved']),
      ]);
    }
  });

  it('while the channel is away delivers once when it is back', async () => {
    const lab = new EngineLab();
    const slack = lab.mailbox('slack');
    slack.fails = new RetryFailure('CONNECTION_FAILED', 'connection refused');
    await fallOnly(lab);
    await lab.clock.advance(20 * MINUTE);
    expect(slack.arrived).toEqual([]);
    const next = await goOn(lab, 5);
    slack.fails = undefined;
    await next.clock.advance(2 * MINUTE);
    expect(slack.titles()).toEqual(['web is down']);
  });

  it('knocks at once after its restart, however long the pause was that it had come to', async () => {
    const lab = new EngineLab();
    const slack = lab.mailbox('slack');
    slack.fails = new RetryFailure('RATE_LIMITED', 'slow down', { retryAfterMs: 50 * MINUTE });
    await fallOnly(lab);
    await lab.clock.advance(2 * MINUTE);
    slack.fails = undefined;
    const next = await goOn(lab, 0);
    await next.clock.advance(SECOND);
    expect(slack.titles()).toEqual(['web is down']);
  });
});

describe('a stop in order', () => {
  it('lets the message that is under way arrive', async () => {
    const lab = new EngineLab();
    const slack = lab.mailbox('slack');
    slack.fails = 'hang';
    await fallOnly(lab);
    await lab.clock.advance(MINUTE);
    expect(slack.calls).toHaveLength(1);
    const stopping = lab.engine.stop(4 * SECOND);
    await lab.clock.advance(SECOND);
    slack.letGo();
    await lab.clock.advance(5 * SECOND);
    await stopping;
    slack.fails = undefined;
    await goOn(lab, 5);
    expect(slack.titles()).toEqual(['web is down']);
  });
});
