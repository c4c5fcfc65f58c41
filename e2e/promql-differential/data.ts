import type { Labels, SeriesSamples } from '@labkeeper/core';
import { bucketCourses, type Course, counter, fromLow, pausing, sometimes, walk } from './courses.js';
import { Random } from './random.js';

/** The evening before the leap day ends: the functions of dates pass over the end of a day and of a February. */
export const DATA_START_MS = Date.UTC(2024, 1, 29, 23);
export const DATA_SPAN_MS = 2 * 3_600_000;

const INSTANCES = ['a', 'b', 'c'] as const;
const JOB_OF = { a: 'api', b: 'api', c: 'db' } as const;
const BOUNDS = ['0.1', '0.25', '1', '2.5', '10', '+Inf'];
/** Nothing whose square is beyond all numbers: Prometheus 2.42 makes NaN of what overflows while it is summed up, Prometheus 3 infinity. */
const UNUSUAL = [Number.NaN, Infinity, -Infinity, 0, 1, -2.5, 1e150, 1e-150, 3];
/** Number of the sample in the middle of a series that comes every 30 s. */
const HALF = DATA_SPAN_MS / 30_000 / 2;

/**
 * All series, the same for the same seed. Every sample lies at an odd millisecond and everything that is asked at an even one, so that
 * none lies on the edge of a window: the edges are what Prometheus 3 changed.
 */
export function randomSeries(seed: number): readonly SeriesSamples[] {
  const data = new DataWriter(new Random(seed));
  for (const [rank, instance] of INSTANCES.entries()) {
    data.counters(instance);
    data.gauges(instance, rank);
    data.sparse(instance);
  }
  for (const instance of INSTANCES.slice(0, 2)) {
    data.latencies(instance);
    data.unusual(instance);
  }
  data.comersAndGoers();
  data.informations();
  return data.series;
}

interface Rhythm {
  readonly everyMs: number;
  /** Of the first sample; random where it is left out. */
  readonly offsetMs?: number;
}

class DataWriter {
  readonly series: SeriesSamples[] = [];

  constructor(private readonly random: Random) {}

  counters(instance: keyof typeof JOB_OF): void {
    const { random } = this;
    for (const code of ['200', '404', '500']) {
      const labels = { instance, job: JOB_OF[instance], code };
      this.#add(
        { name: 'requests_total', labels },
        { everyMs: 15_000 },
        counter(random, { unit: 1, mostUnits: 40 }),
      );
    }
    for (const mode of ['idle', 'system', 'user']) {
      const course = counter(random, { unit: 1 / 64, mostUnits: 1_500 });
      this.#add({ name: 'cpu_seconds_total', labels: { instance, mode } }, { everyMs: 30_000 }, course);
    }
  }

  gauges(instance: keyof typeof JOB_OF, rank: number): void {
    const { random } = this;
    const [own, job] = [{ instance }, { instance, job: JOB_OF[instance] }];
    const degree = { unit: 1 / 64, mostUnits: 40 };
    // A part of a unit is its own for each instance: no two are ever equal.
    const cellar = fromLow(rank, walk(random, { ...degree, startUnits: 900 + 300 * rank + rank / 16 }));
    const roof = walk(random, { ...degree, startUnits: -700 - 300 * rank + rank / 16 });
    const page = { unit: 4_096, startUnits: 200_000 + 10_000 * rank + rank / 16, mostUnits: 500 };
    this.#add({ name: 'temperature', labels: { ...own, room: 'cellar' } }, { everyMs: 30_000 }, cellar);
    this.#add({ name: 'temperature', labels: { ...own, room: 'roof' } }, { everyMs: 30_000 }, roof);
    this.#add({ name: 'memory_bytes', labels: job }, { everyMs: 15_000 }, fromLow(rank, walk(random, page)));
    const limit = fromLow(rank, () => 1e9 + rank * 2e8);
    this.#add({ name: 'limit_bytes', labels: own }, { everyMs: 60_000 }, limit);
    const up = fromLow(-1, () => (random.chance(0.1) ? 0 : 1));
    this.#add({ name: 'up', labels: job }, { everyMs: 15_000 }, up);
    // Values that no sum of halves gives: what is summed up in another order shows in the last digits.
    const noise = fromLow(rank, () => 10 + rank + random.next());
    this.#add({ name: 'noise', labels: { ...job, band: `${rank}` } }, { everyMs: 30_000 }, noise);
  }

  sparse(instance: string): void {
    const course = walk(this.random, { unit: 1 / 64, startUnits: -640_000, mostUnits: 500 });
    this.#add(
      { name: 'sparse', labels: { instance } },
      { everyMs: 110_000 },
      sometimes(this.random, 0.4, course),
    );
  }

  unusual(instance: string): void {
    const { random } = this;
    const course = fromLow(-1, () => (random.chance(0.5) ? random.pick(UNUSUAL) : random.below(50)));
    this.#add({ name: 'unusual', labels: { instance } }, { everyMs: 60_000 }, course);
  }

  latencies(instance: string): void {
    const courses = bucketCourses(this.random, BOUNDS.length);
    const rhythm = { everyMs: 30_000, offsetMs: this.random.below(20_000) };
    BOUNDS.forEach((le, bucket) => {
      this.#add(
        { name: 'latency_seconds_bucket', labels: { instance, le } },
        rhythm,
        courses[bucket] as Course,
      );
    });
    this.#add({ name: 'latency_seconds_count', labels: { instance } }, rhythm, courses.at(-1) as Course);
    const sum = counter(this.random, { unit: 1 / 8, mostUnits: 70 });
    this.#add({ name: 'latency_seconds_sum', labels: { instance } }, rhythm, sum);
  }

  comersAndGoers(): void {
    const { random } = this;
    for (const instance of ['a', 'b']) {
      const course = pausing(random, counter(random, { unit: 1, mostUnits: 25, resetChance: 0 }));
      this.#add({ name: 'flapping_total', labels: { instance } }, { everyMs: 30_000 }, course);
    }
    const courses: Record<string, Course> = {
      early: (index) => (index < HALF ? index * index : undefined),
      late: (index) => (index > HALF ? 5_000 + 3 * index : undefined),
      once: (index) => (index === HALF ? 42 : undefined),
    };
    for (const [rank, [name, course]] of Object.entries(courses).entries()) {
      this.#add({ name, labels: { instance: INSTANCES[rank] as string } }, { everyMs: 30_000 }, course);
    }
  }

  /** Series of ones, to take labels over from. The version of one instance changes: for five minutes both are there. */
  informations(): void {
    const add = (labels: Labels, isThere: (index: number) => boolean) =>
      this.#add({ name: 'build_info', labels }, { everyMs: 30_000 }, (index) =>
        isThere(index) ? 1 : undefined,
      );
    add({ instance: 'a', version: '1.0' }, (index) => index < HALF + 20);
    add({ instance: 'a', version: '1.1' }, (index) => index >= HALF + 20);
    add({ instance: 'b', version: '1.0' }, () => true);
    add({ instance: 'c', version: '2.0', zone: 'north "1"\\2' }, () => true);
  }

  /** A scrape is late by a hundredth of its interval at most; more would be taken for a gap by `rate`. */
  #add(series: SeriesSamples['series'], { everyMs, offsetMs }: Rhythm, course: Course): void {
    const firstMs = DATA_START_MS + (offsetMs ?? this.random.below(everyMs));
    const samples: [timeMs: number, value: number][] = [];
    for (let index = 0; firstMs + index * everyMs < DATA_START_MS + DATA_SPAN_MS; index++) {
      const value = course(index);
      const lateMs = this.random.below(everyMs / 100);
      if (value !== undefined) samples.push([odd(firstMs + index * everyMs + lateMs), value]);
    }
    this.series.push({
      series,
      timesMs: Float64Array.from(samples, ([timeMs]) => timeMs),
      values: Float64Array.from(samples, ([, value]) => value),
    });
  }
}

function odd(timeMs: number): number {
  return timeMs % 2 === 0 ? timeMs + 1 : timeMs;
}
