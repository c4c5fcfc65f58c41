/**
 * Most measurements are decimals of a few digits: whole bytes, percents with one or two places, milliseconds. As whole numbers of
 * their last place their differences are small, while their bits are all over (Afroozeh et al., ALP, SIGMOD 2024).
 */
export interface DecimalColumn {
  /** Places behind the point: each value is its whole number divided by 10 to the power of this. */
  readonly places: number;
  readonly whole: Float64Array;
}

/** Nanoseconds as seconds. With more places hardly anything is a decimal that was meant as one. */
const MOST_PLACES = 9;
/** Second differences of such numbers are still exact. */
const LARGEST_WHOLE = 2 ** 50;
export const POWERS = Float64Array.from({ length: MOST_PLACES + 1 }, (_, places) => 10 ** places);

/** The values as whole numbers of one place, when each comes back bit for bit. */
export function asDecimals(values: Float64Array): DecimalColumn | undefined {
  const whole = new Float64Array(values.length);
  const places = wholesInto(whole, values);
  return places === undefined ? undefined : { places, whole };
}

/** The same into an array that is there already; gives the places. */
export function wholesInto(whole: Float64Array, values: Float64Array): number | undefined {
  let [places, power] = [0, 1];
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    const found = Math.round(value * power);
    if (!isExact(value, found, power)) {
      const needed = placesOf(value, places + 1);
      if (needed === undefined) return undefined;
      [places, power] = [needed, POWERS[needed] as number];
      // Those before must come back with more places too: they are looked at again.
      row = -1;
      continue;
    }
    whole[row] = found;
  }
  return places;
}

/** Writes the values over their whole numbers. */
export function fromDecimals({ places, whole }: DecimalColumn): Float64Array {
  const power = POWERS[places];
  if (power === undefined) throw new RangeError(`a decimal cannot have ${places} places`);
  for (let row = 0; row < whole.length; row++) whole[row] = (whole[row] as number) / power;
  return whole;
}

function placesOf(value: number, atLeast: number): number | undefined {
  for (let places = atLeast; places <= MOST_PLACES; places++) {
    const power = POWERS[places] as number;
    if (isExact(value, Math.round(value * power), power)) return places;
  }
  return undefined;
}

/** Not for -0, whose sign would be lost, nor for what is no number. */
function isExact(value: number, whole: number, power: number): boolean {
  // Without places no division is needed, which is the most costly step.
  const isSame = power === 1 ? whole === value : whole / power === value;
  return isSame && Math.abs(whole) <= LARGEST_WHOLE && !Object.is(value, -0);
}

/** The value as a whole number of so many places; NaN when it would not come back bit for bit. */
export function wholeOf(value: number, places: number): number {
  const power = POWERS[places] as number;
  const whole = Math.round(value * power);
  return isExact(value, whole, power) ? whole : Number.NaN;
}
