import type { Alert } from '@labkeeper/core';

/** An alert with what the engine remembers of it beside what people see. */
export interface KeptAlert {
  readonly alert: Alert;
  /** What raises it: `check/nextcloud`. */
  readonly source: string;
  /** Rank of the signal it fires with. */
  readonly rank: number;
  /** Channels that were told of it and not yet of its end. */
  readonly told: readonly string[];
  /** A person has closed it while its condition goes on; it stays closed until that has cleared. */
  readonly isClosedByHand: boolean;
  /** It fires again, acknowledged, and nobody was told because it may be a blip. */
  readonly isQuiet: boolean;
}
