// What encoder and decoder must agree on to the bit. Part of the format: never change one.

/** Parts into which the interval is cut; a probability counts in these. With more, a part could be empty. */
export const PARTS = 4_096;
/** From the probabilities of `AdaptiveBits`, in 1/65536, to parts. */
export const PROBABILITY_SHIFT = 4;
/** For bits that are as likely 0 as 1. */
export const EVEN = PARTS / 2;
/** While both ends of the interval agree in it, the byte is decided. */
export const TOP_BYTE = 0xff000000;
