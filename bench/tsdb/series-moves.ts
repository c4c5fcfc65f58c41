import type { SeriesPlan, Shape } from './series-shapes.js';

const SEED = 20_261_121;
/** How likely a host boots in a step: about ten boots in a day of 25 hosts. */
const BOOT_CHANCE = 5e-5;

/** Writes the values of the next step, host after host. */
export interface SeriesMoves {
  next(values: Float64Array): void;
}

/** Everything is in flat arrays and one loop, because a generator that costs as much as a store would hide the store. */
export function seriesMoves(plans: readonly SeriesPlan[], hosts: number): SeriesMoves {
  const random = new SeededRandom(SEED);
  const shapes = plans.map(({ shape }) => shape);
  const units = Float64Array.from({ length: hosts * shapes.length }, (_, index) =>
    firstUnits(shapes[index % shapes.length] as Shape, random),
  );
  const loads = new Float64Array(hosts).fill(1);
  const next = (values: Float64Array) => {
    for (let host = 0; host < hosts; host++) {
      const load = Math.min(2, Math.max(0.2, (loads[host] as number) + (random.next() - 0.5) * 0.1));
      loads[host] = load;
      if (random.next() < BOOT_CHANCE) resetCounters(shapes, units, host);
      moveHost(shapes, host * shapes.length, load, units, values, random);
    }
  };
  return { next };
}

/** xorshift32. */
class SeededRandom {
  constructor(private state: number) {}

  next(): number {
    let state = this.state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.state = state;
    return (state >>> 0) / 2 ** 32;
  }
}

function firstUnits(shape: Shape, random: SeededRandom): number {
  switch (shape.kind) {
    case 'constant':
      return shape.value;
    case 'counter':
      return Math.floor(shape.perStep * 1e5 * random.next());
    case 'gauge':
      return Math.floor(shape.level * (0.5 + random.next()));
    case 'noise':
      return shape.least;
  }
}

function resetCounters(shapes: readonly Shape[], units: Float64Array, host: number): void {
  shapes.forEach(({ kind }, index) => {
    if (kind === 'counter') units[host * shapes.length + index] = 0;
  });
}

/** Moves the units of each series of a host, and writes them as values. */
function moveHost(
  shapes: readonly Shape[],
  from: number,
  load: number,
  units: Float64Array,
  values: Float64Array,
  random: SeededRandom,
): void {
  for (let index = 0; index < shapes.length; index++) {
    const shape = shapes[index] as Shape;
    const at = from + index;
    if (shape.kind === 'constant') {
      values[at] = shape.value;
      continue;
    }
    const moved = movedUnits(shape, units[at] as number, load, random.next());
    units[at] = moved;
    // One division of whole numbers gives the double that the decimal text would give.
    values[at] = moved / shape.per;
  }
}

function movedUnits(
  shape: Exclude<Shape, { kind: 'constant' }>,
  units: number,
  load: number,
  chance: number,
): number {
  switch (shape.kind) {
    case 'counter':
      return units + Math.floor(shape.perStep * load * 2 * chance + lowerBits(chance));
    case 'gauge':
      return chance < 0.5 ? units : movedGauge(shape.level, shape.move, units, chance * 2 - 1);
    case 'noise':
      return Math.round(shape.least - Math.log(1 - chance) * shape.tail);
  }
}

/** A second chance out of the bits that the first one does not show: slow counters grow by 1 in some steps. */
function lowerBits(chance: number): number {
  const scaled = chance * 65_536;
  return scaled - Math.floor(scaled);
}

/** Within half and one and a half of its level. */
function movedGauge(level: number, move: number, units: number, chance: number): number {
  const moved = units + Math.floor(chance * (2 * move + 1)) - move;
  return Math.min(Math.floor(level * 1.5), Math.max(Math.floor(level * 0.5), moved));
}
