import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SeriesSamples } from '@labkeeper/core';
import type { Asked } from './answer.js';
import { differenceBetween, toleranceFor } from './compare.js';
import { DATA_SPAN_MS, DATA_START_MS, randomSeries } from './data.js';
import { KNOWN_DIFFERENCES } from './known-differences.js';
import { askAsRule, askLabkeeper } from './labkeeper.js';
import { Prometheus } from './prometheus.js';
import type { Question } from './question.js';
import { Random } from './random.js';
import { randomQuestion } from './random-question.js';

/** Expressions that are on their way at the same time. */
const AT_ONCE = 4;

export interface Difference {
  readonly asked: Asked;
  readonly what: string;
  /** The smallest part of the expression that differs by itself. */
  readonly smallest: Asked;
  readonly smallestWhat: string;
}

export interface Outcome {
  readonly expressions: number;
  /** Each expression is asked for one time and for a span. */
  readonly comparisons: number;
  /** Both refused. */
  readonly refused: number;
  /** Both gave no series at all. */
  readonly empty: number;
  /** How often each known difference was met. */
  readonly known: ReadonlyMap<string, number>;
  readonly differences: readonly Difference[];
}

/** Asks Prometheus and ourselves the same random questions. The same seed gives the same data and the same questions. */
export async function compareOnRandom(seed: number, count: number): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'labkeeper-promql-'));
  const series = randomSeries(seed);
  let prometheus: Prometheus | undefined;
  try {
    prometheus = await Prometheus.start(series, folder);
    return await new Comparison(series, prometheus).run(new Random(seed + 1), count);
  } finally {
    prometheus?.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

class Comparison {
  readonly #known = new Map<string, number>();
  readonly #differences: Difference[] = [];
  #comparisons = 0;
  #refused = 0;
  #empty = 0;

  constructor(
    private readonly series: readonly SeriesSamples[],
    private readonly prometheus: Prometheus,
  ) {}

  async run(random: Random, count: number): Promise<Outcome> {
    for (let done = 0; done < count; done += AT_ONCE) {
      const questions = Array.from({ length: Math.min(AT_ONCE, count - done) }, () => {
        const question = randomQuestion(random);
        return { question, times: [randomMoment(random), randomSpan(random)] };
      });
      await Promise.all(
        questions.flatMap(({ question, times }) => times.map((time) => this.#compare(question, time))),
      );
    }
    return {
      expressions: count,
      comparisons: this.#comparisons,
      refused: this.#refused,
      empty: this.#empty,
      known: this.#known,
      differences: this.#differences,
    };
  }

  async #compare(question: Question, time: Times): Promise<void> {
    this.#comparisons++;
    const what = await this.#difference(question, time, true);
    if (what === undefined) return;
    const [smallest, smallestWhat] = await this.#smallest(question, what, time);
    const asked = { text: question.text, ...time };
    this.#differences.push({ asked, what, smallest: { ...time, text: smallest.text }, smallestWhat });
  }

  async #difference(question: Question, time: Times, isCounted: boolean): Promise<string | undefined> {
    const asked = { text: question.text, ...time };
    const [theirs, ours] = await Promise.all([this.prometheus.ask(asked), askLabkeeper(this.series, asked)]);
    const isOrdered = time.stepMs === 0 && question.isOrdered && question.text.startsWith('sort');
    const demands = { isOrdered, tolerance: toleranceFor(question.text) };
    const ofRule = time.stepMs === 0 ? askAsRule(this.series, asked) : ours;
    const other = differenceBetween(ofRule, ours, demands);
    if (other !== undefined) return `as a rule: ${other}`;
    const difference = differenceBetween(ours, theirs, demands);
    if (isCounted && ours.type === 'error' && theirs.type === 'error') this.#refused++;
    if (isCounted && 'series' in ours && ours.series.length === 0) this.#empty++;
    if (difference === undefined) return undefined;
    const known = KNOWN_DIFFERENCES.find(({ explains }) => explains(asked, ours, theirs));
    if (known === undefined) return difference;
    if (isCounted) this.#known.set(known.name, (this.#known.get(known.name) ?? 0) + 1);
    return undefined;
  }

  /** Goes down into the part that differs by itself, until none of its parts does. */
  async #smallest(question: Question, what: string, time: Times): Promise<[Question, string]> {
    for (const part of question.parts) {
      const difference = await this.#difference(part, time, false);
      if (difference !== undefined) return await this.#smallest(part, difference, time);
    }
    return [question, what];
  }
}

type Times = Omit<Asked, 'text'>;

/** Half past a whole second: see the data. Some lie before the data begins and behind its end. */
function randomMoment(random: Random): Times {
  const second = random.between(-120, DATA_SPAN_MS / 1_000 + 600);
  const timeMs = DATA_START_MS + second * 1_000 + 500;
  return { fromMs: timeMs, toMs: timeMs, stepMs: 0 };
}

function randomSpan(random: Random): Times {
  const { fromMs } = randomMoment(random);
  const stepMs = random.pick([1, 7, 15, 30, 60, 300, 780]) * 1_000;
  // The end is not always a step.
  return { fromMs, toMs: fromMs + random.between(0, 30) * stepMs + random.pick([0, 0, 500]), stepMs };
}
