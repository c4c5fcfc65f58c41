import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../promql-differential/random.js';
import { type RunningHost, spawnHost, startHost } from '../running-host.js';
import { MOODS, type Receiver } from '../webhook-receiver.js';
import { Trouble, type Way } from './trouble.js';
import type { TroubledWorld } from './troubled-world.js';

/** One life in so many ends while the host still comes up. */
const STILLBORN = 0.2;
const LONGEST_BIRTH_MS = 2_500;
const MOST_STEPS = 24;
const LONGEST_STEP_MS = 700;
const MOST_AT_ONCE = 16;

interface StoryParts {
  readonly random: Random;
  readonly world: TroubledWorld;
  readonly receiver: Receiver;
  readonly setup: { readonly yaml: string; readonly dataDir: string };
}

/** Lives of a host, each ended by SIGKILL at another moment, while the world and the receiver go on as they please. */
export class Story {
  #made = 0;

  constructor(private readonly parts: StoryParts) {}

  /** One life, and its end. */
  async live(): Promise<void> {
    const { random, world, setup } = this.parts;
    const isStillborn = random.chance(STILLBORN);
    const host = await (isStillborn ? spawnHost(setup) : startHost(setup));
    if (isStillborn) await sleep(random.below(LONGEST_BIRTH_MS));
    else for (let step = random.below(MOST_STEPS); step >= 0; step--) await this.#step(host);
    await host.end('SIGKILL');
    const failed = failedScrapes(host.output());
    for (const trouble of world.troubles) trouble.survivedTheHost(failed);
    if (random.chance(0.5)) await this.#change();
  }

  /** Everything ends, and the receiver is well. Gives a host that lives. */
  async calmDown(): Promise<RunningHost> {
    const { world, receiver, setup } = this.parts;
    for (const trouble of world.troubles) if (trouble.isOn) trouble.end();
    await receiver.become('ok');
    return startHost(setup);
  }

  async #step(host: RunningHost): Promise<void> {
    const { random, world } = this.parts;
    for (let change = random.below(3); change > 0; change--) await this.#change();
    await world.push(host.url);
    await sleep(random.below(LONGEST_STEP_MS));
  }

  async #change(): Promise<void> {
    const { random, receiver } = this.parts;
    await random.weighted<() => unknown>([
      [4, () => this.#begin()],
      [3, () => this.#end()],
      [1, () => receiver.become(random.pick(MOODS))],
    ])();
  }

  #begin(): void {
    const { random, world } = this.parts;
    const active = world.troubles.filter(({ isOn }) => isOn);
    if (active.length >= MOST_AT_ONCE) return this.#end();
    const old = world.troubles.filter(({ isOn, begins }) => !isOn && begins > 0);
    // Most are new: one that comes again within minutes is not told again, and that is right.
    const again = random.chance(0.15) && old.length > 0 ? random.pick(old) : undefined;
    (again ?? this.#fresh()).begin();
  }

  #fresh(): Trouble {
    const { random, world } = this.parts;
    const way = random.pick<Way>(['rule', 'patient', 'check', 'push']);
    const site = world.sites.find(({ begins }) => begins === 0);
    if (way === 'check' && site) return site;
    this.#made += 1;
    const made = way === 'check' ? 'push' : way;
    const trouble = new Trouble(`${made}-${this.#made}`, made);
    world.troubles.push(trouble);
    return trouble;
  }

  #end(): void {
    const { random, world } = this.parts;
    const active = world.troubles.filter(({ isOn }) => isOn);
    if (active.length > 0) random.pick(active).end();
  }
}

/**
 * On a machine that is busy a scrape may take too long. Then its series end, as with Prometheus: what a rule says of them is over, and comes again
 * with the next scrape.
 */
function failedScrapes(output: string): number {
  const lines = output.split('\n').filter((line) => line.includes('"plugin":"prometheus"'));
  return lines.filter((line) => /a collection failed|could not be scraped/.test(line)).length;
}
