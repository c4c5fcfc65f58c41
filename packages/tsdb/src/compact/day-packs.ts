import type { NewPack } from '../packs/chunk-store.js';
import { PackBuilder } from '../packs/pack-builder.js';
import { DAY_MS, SETTLED_MS } from './day.js';
import { ROLLUP_STEPS_MS, type SettledSeries } from './settle-series.js';

/** The packs that a day settles into: samples in windows of some hours, roll-ups of the whole day. */
export class DayPacks {
  readonly #samples = new Map<number, PackBuilder>();
  readonly #rollups: ReadonlyMap<number, PackBuilder>;

  constructor(
    dayMs: number,
    private readonly nextId: () => number,
  ) {
    const day = { isSettled: true, fromMs: dayMs, toMs: dayMs + DAY_MS };
    this.#rollups = new Map(
      ROLLUP_STEPS_MS.map((resolutionMs) => [
        resolutionMs,
        new PackBuilder({ resolutionMs, ...day }, nextId),
      ]),
    );
  }

  add({ seriesId, samples, rollups }: SettledSeries): void {
    for (const [fromMs, chunk] of samples) this.#window(fromMs).add({ seriesId, ...chunk });
    for (const [stepMs, chunk] of rollups) this.#rollups.get(stepMs)?.add({ seriesId, ...chunk });
  }

  finish(): readonly NewPack[] {
    return [...this.#samples.values(), ...this.#rollups.values()].flatMap((builder) => builder.finish());
  }

  #window(fromMs: number): PackBuilder {
    let builder = this.#samples.get(fromMs);
    if (!builder) {
      builder = new PackBuilder(
        { isSettled: true, resolutionMs: 0, fromMs, toMs: fromMs + SETTLED_MS },
        this.nextId,
      );
      this.#samples.set(fromMs, builder);
    }
    return builder;
  }
}
