import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostFiles } from './alerts-survive/host-files.js';
import { Story } from './alerts-survive/story.js';
import { TroubledWorld } from './alerts-survive/troubled-world.js';
import { type Aftermath, faultsOf, type ListedAlert, type WhyRow } from './alerts-survive/verdict.js';
import { Random } from './promql-differential/random.js';
import { eventually, type RunningHost, temporaryFolder } from './running-host.js';
import { Receiver } from './webhook-receiver.js';

/** Deaths of one host, each at another moment. */
const DEATHS = Number(process.env.LABKEEPER_DEATHS ?? 12);
const SEED = Number(process.env.LABKEEPER_SEED ?? 20_261_104);
/** Each of them fails once in its life at least, most in any case. */
const SITES = Math.min(24, 4 + Math.ceil(DEATHS / 2));
/** The longest pause between two attempts at a receiver that was away is a minute, and the machine may be busy. */
const CALM_LIMIT_MS = 180_000;
const LIMIT_MS = CALM_LIMIT_MS + DEATHS * 60_000;

interface Page {
  readonly items: readonly ListedAlert[];
  readonly next_cursor: string | null;
}

describe('alerts of a host that is killed again and again', () => {
  const dataDir = temporaryFolder();
  const receiver = new Receiver();
  let world: TroubledWorld;
  let host: RunningHost | undefined;

  beforeAll(async () => {
    world = await TroubledWorld.start(SITES);
    await receiver.become('ok');
  });
  afterAll(async () => {
    await host?.end('SIGKILL');
    await receiver.become('away');
    world.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it(
    `are neither lost nor stuck nor told twice after ${DEATHS} deaths (seed ${SEED})`,
    async () => {
      const sites = world.sites.map(({ name }) => name);
      const yaml = hostFiles(dataDir, { world: world.address, receiver: receiver.url, sites });
      const story = new Story({ random: new Random(SEED), world, receiver, setup: { yaml, dataDir } });
      for (let death = 0; death < DEATHS; death++) await story.live();
      host = await story.calmDown();
      const aftermath = await calm(host, world, receiver);
      console.info(figures(aftermath));
      expect(faultsOf(aftermath), `seed ${SEED}`).toEqual([]);
      expect(aftermath.troubles.filter(({ isOwed }) => isOwed).length).toBeGreaterThan(DEATHS / 2);
    },
    LIMIT_MS,
  );
});

/** Waits until everything is right; what is still wrong after a long time is for the test to say. */
async function calm(host: RunningHost, world: TroubledWorld, receiver: Receiver): Promise<Aftermath> {
  let aftermath = await lookAround(host, world, receiver);
  const isRight = async () => {
    await world.push(host.url);
    aftermath = await lookAround(host, world, receiver);
    return faultsOf(aftermath).length === 0;
  };
  await eventually(isRight, 'all is quiet', CALM_LIMIT_MS).catch(() => undefined);
  return aftermath;
}

async function lookAround(host: RunningHost, world: TroubledWorld, { heard }: Receiver): Promise<Aftermath> {
  const listed: ListedAlert[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: Page = await host.api(`/api/v1/alerts?limit=1000${cursor === '' ? '' : `&cursor=${cursor}`}`);
    listed.push(...page.items);
    cursor = page.next_cursor;
  }
  const alerts = [];
  for (const alert of listed) {
    const { items } = await host.api<{ items: readonly WhyRow[] }>(`/api/v1/alerts/${alert.alert_id}/why`);
    alerts.push({ ...alert, why: items });
  }
  return { troubles: world.troubles, alerts, heard: [...heard] };
}

function figures({ troubles, alerts, heard }: Aftermath): string {
  const owed = troubles.filter(({ isOwed }) => isOwed).length;
  const begins = troubles.reduce((sum, trouble) => sum + trouble.begins, 0);
  const ids = new Set(heard.map(({ channel, idempotencyKey }) => `${channel} ${idempotencyKey}`));
  const late = heard.filter(({ body }) => body.text.includes('could not be told at the time')).length;
  return (
    `${DEATHS} deaths, ${begins} troubles began (${owed} had to be told), ${alerts.length} alerts, ` +
    `${ids.size} messages (${late} late), ${heard.length - ids.size} came again with the same id`
  );
}
