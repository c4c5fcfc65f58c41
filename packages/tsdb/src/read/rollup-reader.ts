import {
  COUNTER_LOOK_BACK_MS,
  type CounterReading,
  emptyRollup,
  isCounterName,
  type RollupColumns,
  type RollupResult,
  readingBefore,
  type StepSpan,
  type SumUpRules,
  stepEnd,
  sumUpRollup,
  sumUpSamples,
} from '@labkeeper/core';
import { type Column, columnBetween, lowerBound, mergeAll, NO_SAMPLES } from '../column.js';
import { DAY_MS, dayOf, isUnsettled } from '../compact/day.js';
import { ROLLUP_STEPS_MS } from '../compact/settle-series.js';
import type { HeadSeries } from '../head/head-series.js';
import { windowOf } from '../head/window.js';
import type { PackInfo } from '../packs/chunk-store.js';
import { inOrderOfArrival, type PackDirectory } from '../packs/pack-directory.js';
import { decodeRollup } from '../rollup-chunk.js';
import { mergeRollups, rollupBetween, rollupBytes } from '../rollup-columns.js';
import { Breather } from './breather.js';
import { onPresentPacks, PackReader, type PackReaderParts } from './pack-reader.js';
import { headsBetween, type SampleReader } from './sample-reader.js';

/** A roll-up as the cache keeps it. */
export interface CachedRollup extends RollupColumns {
  readonly bytes: number;
}

/** What a span is answered from. */
interface Sources {
  /** Packs of roll-ups that fit the step, and for days of which nothing else is left the finest there is. */
  readonly rollups: readonly PackInfo[];
  /** Packs of samples of the days that no roll-up answers, or not alone. */
  readonly samples: readonly PackInfo[];
  readonly resolutionMs: number;
}

/** Samples after `afterMs`, up to `untilMs`, in steps. */
interface Steps {
  readonly afterMs: number;
  readonly untilMs: number;
  readonly stepMs: number;
}

/** Sums series up in steps, from the coarsest roll-up that fits. */
export class RollupReader {
  readonly #packs: PackReader<CachedRollup>;

  constructor(
    private readonly directory: PackDirectory,
    private readonly samples: SampleReader,
    private readonly parts: Omit<PackReaderParts<CachedRollup>, 'decode'>,
  ) {
    this.#packs = new PackReader({ ...parts, decode });
  }

  async read(entries: readonly HeadSeries[], { fromMs, toMs, stepMs }: StepSpan): Promise<RollupResult> {
    // Steps that end in the span: samples after the beginning of the first, up to the end of the last.
    const afterMs = stepEnd(fromMs, stepMs) - stepMs;
    const untilMs = Math.floor(toMs / stepMs) * stepMs;
    if (untilMs <= afterMs) return { resolutionMs: 0, series: [] };
    return onPresentPacks(() => this.#read(entries, { afterMs, untilMs, stepMs }));
  }

  clear(): void {
    this.#packs.clear();
  }

  async #read(entries: readonly HeadSeries[], steps: Steps): Promise<RollupResult> {
    // Before the packs, for what moves from the head into one meanwhile is then seen twice, not never.
    const breather = new Breather(this.parts.clock);
    const firstMs = steps.afterMs + 1 - COUNTER_LOOK_BACK_MS;
    const heads = await headsBetween(entries, firstMs, steps.untilMs, breather);
    const sources = this.#sources(steps, daysOf(heads));
    const stored = await this.samples.inPacks(sources.samples, entries);
    const ids = entries.map(({ id }) => id);
    const rolled = await this.#packs.read(sources.rollups, ids);
    const series = [];
    for (const [index, { id, series: one }] of entries.entries()) {
      const loose = mergeAll([...(stored.get(id) ?? []), heads[index] ?? NO_SAMPLES]);
      const summed = summedUp(one.name, loose, rolled.get(id) ?? [], steps);
      if (summed.timesMs.length > 0) series.push({ series: one, ...summed });
      if (breather.isTired) await breather.breathe();
    }
    return { resolutionMs: sources.resolutionMs, series };
  }

  /** `late` are days that have something in the head, which is not in their roll-ups yet. */
  #sources({ afterMs, untilMs, stepMs }: Steps, late: ReadonlySet<number>): Sources {
    const days = new Map<number, PackInfo[]>();
    for (const pack of this.directory.all()) {
      if (pack.oldestMs > untilMs || pack.newestMs <= afterMs - COUNTER_LOOK_BACK_MS) continue;
      const day = dayOf(pack);
      days.set(day, [...(days.get(day) ?? []), pack]);
    }
    const fitting = fittingStep(stepMs);
    const chosen = [...days]
      .sort(([a], [b]) => a - b)
      .map(([day, packs]) => choose(packs, fitting, late.has(day)));
    return {
      rollups: chosen.flatMap(({ rollups }) => rollups),
      samples: chosen.flatMap(({ samples }) => samples),
      resolutionMs: Math.max(0, ...chosen.map(({ resolutionMs }) => resolutionMs)),
    };
  }
}

/** Which packs of one day answer. What came late is not in the roll-up yet: then samples are asked too. */
function choose(packs: readonly PackInfo[], fitting: number | undefined, isLate: boolean): Sources {
  const samples = packs.filter(({ resolutionMs }) => resolutionMs === 0).sort(inOrderOfArrival);
  const wanted = packs.filter(({ resolutionMs }) => resolutionMs === fitting);
  if (fitting !== undefined && wanted.length > 0) {
    const isIncomplete = isLate || samples.some(isUnsettled);
    return { rollups: wanted, samples: isIncomplete ? samples : [], resolutionMs: fitting };
  }
  const finest = Math.min(...packs.map(({ resolutionMs }) => resolutionMs).filter((length) => length > 0));
  if (samples.length > 0 || finest === Number.POSITIVE_INFINITY)
    return { rollups: [], samples, resolutionMs: 0 };
  return {
    rollups: packs.filter(({ resolutionMs }) => resolutionMs === finest),
    samples: [],
    resolutionMs: finest,
  };
}

/** The days in which these columns have samples. */
function daysOf(columns: readonly Column[]): ReadonlySet<number> {
  const days = new Set<number>();
  for (const { timesMs } of columns) {
    for (let row = 0; row < timesMs.length; ) {
      const dayMs = windowOf(timesMs[row] as number, DAY_MS);
      days.add(dayMs);
      row = lowerBound(timesMs, timesMs.length, dayMs + DAY_MS + 1);
    }
  }
  return days;
}

/** Samples and steps of one series as steps of the length asked for. */
function summedUp(
  name: string,
  loose: Column,
  rolled: readonly RollupColumns[],
  steps: Steps,
): RollupColumns {
  const { afterMs, untilMs, stepMs } = steps;
  const isCounter = isCounterName(name);
  if (rolled.length === 0) {
    const column = columnBetween(loose, afterMs + 1, untilMs);
    const before = isCounter ? readingBefore(loose, afterMs + 1) : undefined;
    return sumUpSamples(column, { stepMs, isCounter, before });
  }
  const known = rolled.reduce(mergeRollups);
  // Of one length with the roll-ups, so that what came late finds its step.
  const added = sumUpDays(columnBetween(loose, afterMs + 1, untilMs), known, {
    stepMs: fittingStep(stepMs) ?? stepMs,
    isCounter,
  });
  return sumUpRollup(rollupBetween(mergeRollups(known, added), afterMs + 1, untilMs), stepMs);
}

/** Day by day: between two days of samples may lie days that only their roll-ups know. */
function sumUpDays(loose: Column, known: RollupColumns, rules: SumUpRules): RollupColumns {
  let summed = emptyRollup(0);
  for (let rest = loose; rest.timesMs.length > 0; ) {
    const firstMs = rest.timesMs[0] as number;
    const endMs = windowOf(firstMs, DAY_MS) + DAY_MS;
    const before = rules.isCounter
      ? laterOf(stepBefore(known, firstMs), readingBefore(loose, firstMs))
      : undefined;
    summed = mergeRollups(summed, sumUpSamples(columnBetween(rest, firstMs, endMs), { ...rules, before }));
    rest = columnBetween(rest, endMs + 1, Number.POSITIVE_INFINITY);
  }
  return summed;
}

/** Where a counter stood at the end of the step before a time. */
function stepBefore({ timesMs, last }: RollupColumns, atMs: number): CounterReading | undefined {
  const row = timesMs.findLastIndex((endMs) => endMs < atMs);
  return row < 0 ? undefined : { value: last[row] as number, untilMs: timesMs[row] as number };
}

function laterOf(a: CounterReading | undefined, b: CounterReading | undefined): CounterReading | undefined {
  if (!a || !b) return a ?? b;
  return a.untilMs >= b.untilMs ? a : b;
}

/** The longest steps of a roll-up of which the one asked for can be made. */
function fittingStep(stepMs: number): number | undefined {
  return ROLLUP_STEPS_MS.filter((length) => stepMs % length === 0).at(-1);
}

function decode(chunks: readonly Uint8Array[], { fromMs }: PackInfo): CachedRollup {
  const rollup = chunks.map((chunk) => decodeRollup(chunk, fromMs)).reduce(mergeRollups);
  return { ...rollup, bytes: rollupBytes(rollup) };
}
