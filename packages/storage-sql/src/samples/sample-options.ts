import { durationMs, durationOption, type Static, Type } from '@labkeeper/core';
import { ROLLUP_STEPS_MS, TSDB_RULES, type TsdbRules } from '@labkeeper/tsdb';

/** What a power cut may take of the newest samples, by the name of the choice. */
const SYNC_WITHIN_MS = { each: 0, '10s': 10_000, '60s': 60_000 } as const;

const MEGABYTE = 1_000_000;

/** Options of samples, alike for both databases. */
export const SAMPLE_OPTIONS = {
  durability: Type.Enum(['each', '10s', '60s'], {
    description:
      'How much of the newest samples a power cut may take: nothing (each), 10 or 60 seconds. Everything else is always on disk at once, and nothing is lost when only Labkeeper ends.',
    default: '10s',
  }),
  keep_samples: durationOption({
    description: 'How long samples are kept as they were measured.',
    default: '30d',
  }),
  keep_5m: durationOption({
    description: 'How long their summaries of five minutes are kept.',
    default: '1y',
  }),
  keep_1h: durationOption({ description: 'How long their summaries of an hour are kept.', default: '5y' }),
  max_size_mb: Type.Optional(
    Type.Integer({
      description:
        'Megabytes that all samples may take together. Beyond it the oldest samples go first, then the oldest summaries.',
      minimum: 16,
    }),
  ),
  late_samples_within: durationOption({
    description:
      'How far behind the newest sample of its series a sample may arrive. Older ones are refused and counted, unless they are a back-fill.',
    default: '1h',
  }),
} as const;

type SampleOptions = Static<ReturnType<typeof Type.Object<typeof SAMPLE_OPTIONS>>>;

/** The rules of the store that the options ask for. */
export function sampleRules(options: SampleOptions): TsdbRules {
  return {
    ...TSDB_RULES,
    syncWithinMs: SYNC_WITHIN_MS[options.durability as keyof typeof SYNC_WITHIN_MS],
    outOfOrderMs: durationMs(options.late_samples_within),
    retention: {
      keepMs: new Map([
        [0, durationMs(options.keep_samples)],
        [ROLLUP_STEPS_MS[0], durationMs(options.keep_5m)],
        [ROLLUP_STEPS_MS[1], durationMs(options.keep_1h)],
      ]),
      maxBytes: options.max_size_mb === undefined ? Number.POSITIVE_INFINITY : options.max_size_mb * MEGABYTE,
    },
  };
}
