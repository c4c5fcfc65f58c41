/**
 * Guesses for binary decisions, each learning from what it met: the state of an adaptive binary arithmetic coder. A guess
 * learns quickly at first and slowly later, because a chunk is short: 100 samples must be enough to know a series.
 */
export class AdaptiveBits {
  /** For each decision the probability of a one, in 1/65536, and above its 16 bits how often it was met: looked at together, they lie together. */
  readonly #guesses: Uint32Array;

  constructor(count: number) {
    this.#guesses = new Uint32Array(count).fill(HALF);
  }

  /** Probability of a one, in 1/65536. */
  probabilityOf(index: number): number {
    return (this.#guesses[index] as number) & PROBABILITY_MASK;
  }

  /** Learns what decision `index` was. Called once for each decision, by encoder and decoder alike. */
  learn(index: number, bit: number): void {
    const guess = this.#guesses[index] as number;
    const [before, seen] = [guess & PROBABILITY_MASK, guess >>> PROBABILITY_BITS];
    const target = bit === 1 ? HIGHEST : LOWEST;
    const probability = ((before << RATE_BITS) + (target - before) * (RATES[seen] as number)) >>> RATE_BITS;
    this.#guesses[index] = probability | ((seen < SLOWEST ? seen + 1 : seen) << PROBABILITY_BITS);
  }

  /** Forgets everything. */
  restart(): void {
    this.#guesses.fill(HALF);
  }
}

const PROBABILITY_BITS = 16;
const PROBABILITY_MASK = 65_535;
const HALF = 32_768;
/** A guess is never certain: a surprise may cost 11 bits, not infinitely many. */
const LOWEST = 32;
const HIGHEST = 65_536 - LOWEST;

const RATE_BITS = 10;
/** After so many decisions of a kind the guess moves by a fixed share, so that a series that changes its ways is learnt anew. */
const SLOWEST = 30;
/** 1/2, 1/3, 1/4 …: the mean of what was seen, as long as little was. */
const RATES = Uint16Array.from({ length: SLOWEST + 1 }, (_, seen) =>
  Math.round(2 ** RATE_BITS / (seen + 1.6)),
);
