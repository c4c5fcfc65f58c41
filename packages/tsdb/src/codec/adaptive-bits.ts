/**
 * Guesses for binary decisions, each learning from what it met: the state of an adaptive binary arithmetic coder. A guess
 * learns quickly at first and slowly later, because a chunk is short: 100 samples must be enough to know a series.
 */
export class AdaptiveBits {
  /** Probability of a one, in 1/65536. */
  readonly probabilities: Uint16Array;
  readonly #seen: Uint8Array;

  constructor(count: number) {
    this.probabilities = new Uint16Array(count).fill(HALF);
    this.#seen = new Uint8Array(count);
  }

  /** Learns what decision `index` was. Called once for each decision, by encoder and decoder alike. */
  learn(index: number, bit: number): void {
    const before = this.probabilities[index] as number;
    const seen = this.#seen[index] as number;
    const rate = RATES[seen] as number;
    const target = bit === 1 ? HIGHEST : LOWEST;
    this.probabilities[index] = before + ((target - before) * rate) / RATE_UNIT;
    if (seen < SLOWEST) this.#seen[index] = seen + 1;
  }
}

const HALF = 32_768;
/** A guess is never certain: a surprise may cost 11 bits, not infinitely many. */
const LOWEST = 32;
const HIGHEST = 65_536 - LOWEST;

const RATE_UNIT = 1_024;
/** After so many decisions of a kind the guess moves by a fixed share, so that a series that changes its ways is learnt anew. */
const SLOWEST = 30;
/** 1/2, 1/3, 1/4 …: the mean of what was seen, as long as little was. */
const RATES = Uint16Array.from({ length: SLOWEST + 1 }, (_, seen) => Math.round(RATE_UNIT / (seen + 1.6)));
