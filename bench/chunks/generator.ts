import type { Column } from '@labkeeper/tsdb';
import { column } from './recording.js';

/** The shapes of what monitoring measures, with a fixed seed. Shares as on a server: mostly counters and constants, few noisy gauges. */
export function generate(series: number, samples: number, startMs: number): readonly Column[] {
  const random = seeded(20_261_121);
  return Array.from({ length: series }, (_, index) => {
    const make = SHAPES[index % SHAPES.length] as Shape;
    return column(make(random, samples), startMs);
  });
}

type Random = () => number;
type Shape = (random: Random, samples: number) => number[];

const SHAPES: readonly Shape[] = [
  constant,
  constant,
  constant,
  (random, samples) => counter(random, samples, 1e6),
  (random, samples) => counter(random, samples, 40),
  (random, samples) => counter(random, samples, 0.2),
  (random, samples) => gauge(random, samples, 1),
  (random, samples) => gauge(random, samples, 2),
  (random, samples) => gauge(random, samples, 0),
  noise,
];

function constant(random: Random, samples: number): number[] {
  return new Array<number>(samples).fill(Math.floor(random() * 1e9));
}

/** Grows by a load that changes slowly, and begins anew once in a while. */
function counter(random: Random, samples: number, perStep: number): number[] {
  let [value, load] = [Math.floor(random() * perStep * 1e4), 1];
  return Array.from({ length: samples }, () => {
    load = Math.max(0, load + (random() - 0.5) * 0.1);
    value = random() < 1e-4 ? 0 : value + Math.floor(perStep * load * 2 * random());
    return value;
  });
}

/** Moves slowly, and is written with so many places. */
function gauge(random: Random, samples: number, places: number): number[] {
  const power = 10 ** places;
  let value = 50;
  return Array.from({ length: samples }, () => {
    value = Math.min(100, Math.max(0, value + (random() - 0.5) * 0.6));
    return Math.round(value * power) / power;
  });
}

/** Durations in microseconds, as seconds. */
function noise(random: Random, samples: number): number[] {
  return Array.from({ length: samples }, () => Math.round(2_000 - Math.log(random()) * 800) / 1e6);
}

function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
