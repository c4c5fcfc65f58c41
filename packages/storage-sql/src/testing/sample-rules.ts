import { TSDB_RULES, type TsdbRules } from '@labkeeper/tsdb';

/** The usual rules, without a limit on age: tests live in 1970. */
export const LASTING_RULES: TsdbRules = {
  ...TSDB_RULES,
  retention: { keepMs: new Map(), maxBytes: Number.POSITIVE_INFINITY },
};

/** Samples move into packs after every append, in windows of a second. */
export const EAGER_RULES: TsdbRules = { ...LASTING_RULES, windowMs: 1_000, graceMs: 0, maxHeadBytes: 0 };

/** Samples move every few appends, so that there are always some in each place. */
export const BUSY_RULES: TsdbRules = { ...EAGER_RULES, maxHeadBytes: 640, syncWithinMs: 1_000 };

/** Nothing moves. The end of the last window lies before all times, so that nothing is ever due. */
export const LAZY_RULES: TsdbRules = {
  ...LASTING_RULES,
  graceMs: 2 ** 53,
  maxHeadBytes: Number.POSITIVE_INFINITY,
};
